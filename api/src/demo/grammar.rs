//! The tables from which suggestions are composed: invented places and everyday problems of the ten classes (S09).

/// The ten classes of the Shuangluan notice (S09 S11), in its order.
pub const CATEGORY_NAMES: [&str; 10] = [
    "道路交通",
    "住房安居",
    "环境保护",
    "社会保障",
    "社区建设",
    "医疗卫生",
    "乡村建设",
    "文化生活",
    "教育体育",
    "城市管理",
];

/// Where a problem can lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// A village (村).
    Village,
    /// A housing estate (小区).
    Estate,
    /// A street (路).
    Street,
    /// Any of these.
    Anywhere,
}

/// One everyday problem, in pieces that fit behind a place.
pub(super) struct Problem {
    pub(super) setting: Setting,
    /// What it is about, as a noun: `路灯`.
    pub(super) subject: &'static str,
    /// The trouble in a few words, for a title.
    pub(super) brief: &'static str,
    /// The trouble in full, 15 to 40 characters, without a full stop.
    pub(super) trouble: &'static str,
    /// What should be done, behind `建议`.
    pub(super) ask: &'static str,
    /// What one would ask, without a question mark.
    pub(super) question: &'static str,
}

use Setting::{Anywhere, Estate, Street, Village};

pub(super) const VILLAGES: [&str; 16] = [
    "柳林村",
    "石桥村",
    "东河村",
    "南岗村",
    "双井村",
    "桃园村",
    "清水湾村",
    "大槐树村",
    "杨树沟村",
    "西坡村",
    "三道梁村",
    "北洼村",
    "青山口村",
    "白杨村",
    "上营村",
    "新庄村",
];

pub(super) const ESTATES: [&str; 14] = [
    "阳光花园小区",
    "锦绣家园小区",
    "翠竹苑小区",
    "和顺里小区",
    "滨河新苑小区",
    "银杏园小区",
    "东方雅居小区",
    "福安里小区",
    "梧桐院小区",
    "景泰家园小区",
    "春晓苑小区",
    "康宁小区",
    "望湖苑小区",
    "光明里小区",
];

pub(super) const STREETS: [&str; 14] = [
    "迎宾路",
    "建设路",
    "滨河路",
    "育才路",
    "兴业路",
    "团结路",
    "长青路",
    "文化路",
    "站前路",
    "朝阳路",
    "丰收路",
    "金山路",
    "学府路",
    "民主路",
];

pub(super) const VILLAGE_SPOTS: [&str; 8] =
    ["", "一组", "二组", "三组", "村口", "村委会附近", "小学门前", "主街"];

pub(super) const ESTATE_SPOTS: [&str; 8] =
    ["", "东门", "南门", "北区", "3号楼", "5号楼", "中心广场旁", "二期"];

pub(super) const STREET_SPOTS: [&str; 8] =
    ["", "东段", "西段", "中段", "与环城路交叉口", "菜市场门前", "公交站附近", "桥头"];

pub(super) const SINCE: [&str; 12] = [
    "这种情况已经持续三个多月",
    "从去年冬天到现在一直这样",
    "已经快半年了",
    "最近一个月越来越明显",
    "前后反映过两次没有结果",
    "大家多次在一起商量过",
    "今年以来更加突出",
    "周围住户都有同样的感受",
    "最近又有好几户提起",
    "几年来一直没有彻底解决",
    "左邻右舍议论很多",
    "附近老人和孩子受影响最大",
];

pub(super) const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "高", "罗",
];

pub(super) const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

pub(super) static PROBLEMS: [&[Problem]; 10] =
    [&TRAFFIC, &HOUSING, &ENVIRONMENT, &SECURITY, &COMMUNITY, &HEALTH, &RURAL, &CULTURE, &EDUCATION, &CITY];

/// Shorthand for one row of the tables below.
const fn problem(
    setting: Setting,
    subject: &'static str,
    brief: &'static str,
    trouble: &'static str,
    ask: &'static str,
    question: &'static str,
) -> Problem {
    Problem { setting, subject, brief, trouble, ask, question }
}

#[rustfmt::skip] // One problem a line.
const TRAFFIC: [Problem; 8] = [
    problem(Anywhere, "路灯", "路灯长期不亮", "路灯坏了好几盏，天黑以后看不清路面，骑车和步行都很危险", "尽快检修路灯，并在暗处补装", "路灯什么时候能修好"),
    problem(Street, "停车", "停车混乱占道", "两侧停车混乱，车辆把人行道都占满了，行人只能走到机动车道上", "重新划定停车位，并加强对违规停车的管理", "是否计划增加公共停车场"),
    problem(Street, "路面", "路面坑洼不平", "路面坑洼不平，大车经过时尘土飞扬，雨后积水看不出深浅", "安排资金重新铺设路面", "路面大修列入了哪一年的计划"),
    problem(Street, "红绿灯", "路口没有红绿灯", "路口车流很大却没有红绿灯，学生过马路全靠大人领着", "在路口安装红绿灯并施划斑马线", "路口能不能安装红绿灯"),
    problem(Village, "公交", "公交班次太少", "公交一天只有两班，到城里看病办事当天很难来回", "增加早晚公交班次，延长末班车时间", "公交车什么时候能通到村里"),
    problem(Village, "通村路", "通村路太窄", "通村路只有三米来宽，两车相遇要倒退很远，弯道也没有护栏", "拓宽通村路并加装护栏和反光镜", "通村路拓宽工程何时开工"),
    problem(Street, "非机动车道", "非机动车道被占用", "非机动车道被货车和摊点占用，骑电动车的人常常被挤到快车道", "设置隔离护栏，保障非机动车道畅通", "非机动车道的隔离护栏由哪个单位安装"),
    problem(Street, "桥", "桥面破损", "老桥的桥面破损露出钢筋，栏杆也断了一截，过桥让人提心吊胆", "对老桥进行检测加固，修复栏杆", "老桥加固的检测结果能否公布"),
];

#[rustfmt::skip] // One problem a line.
const HOUSING: [Problem; 7] = [
    problem(Estate, "老旧小区改造", "盼望老旧小区改造", "房屋建成二十多年，外墙脱落、楼道昏暗，住户盼望改造", "把我们这里列入老旧小区改造计划", "老旧小区改造名单怎样确定"),
    problem(Estate, "房产证", "房产证迟迟办不下来", "入住多年房产证一直办不下来，孩子上学和落户都受影响", "协调开发单位尽快补齐手续，办理房产证", "办理房产证还缺哪些手续"),
    problem(Estate, "电梯", "电梯经常故障", "电梯经常停运，老人被困过两次，维修后没几天又坏", "动用维修资金更换电梯", "加装电梯的补贴标准是什么"),
    problem(Estate, "屋顶漏水", "屋顶漏水无人维修", "顶层屋顶漏水，墙面发霉脱皮，找物业说要等维修资金", "简化维修资金的申请手续，及时修好屋顶", "屋顶漏水可以申请哪项维修资金"),
    problem(Estate, "供暖", "供暖温度不达标", "冬天供暖温度只有十五六度，家里老人孩子都要穿棉衣", "排查供热管网，保证室内温度达标", "供暖温度不达标怎样申请退费"),
    problem(Estate, "物业", "物业服务差收费高", "物业费年年上涨，楼道卫生却没有人打扫，门禁坏了也不修", "督促物业公司公开收支，按合同提供服务", "更换物业公司需要什么程序"),
    problem(Village, "危房", "危房改造未落实", "家里土坯房墙体开裂，下大雨不敢在屋里睡，一直没排上危房改造", "上门鉴定并尽快安排危房改造", "危房改造的补助条件有哪些"),
];

#[rustfmt::skip] // One problem a line.
const ENVIRONMENT: [Problem; 8] = [
    problem(Street, "油烟", "餐馆油烟扰民", "楼下餐馆的油烟直接往外排，楼上住户整天不敢开窗", "督促餐馆安装油烟净化设备并定期检查", "餐饮油烟扰民由哪个部门负责"),
    problem(Village, "垃圾", "垃圾清运不及时", "垃圾池几天清运一次，夏天臭味很大，苍蝇到处飞", "增加垃圾清运次数，配备带盖的垃圾箱", "垃圾分类什么时候在村里推行"),
    problem(Street, "噪音", "夜间施工噪音大", "工地夜里十一点以后还在施工，噪音让附近居民无法休息", "严格限制夜间施工时间，公布举报电话", "夜间施工的许可在哪里查询"),
    problem(Village, "河道", "河道污染严重", "河道里漂着塑料袋和死鱼，水发黑，走近就能闻到异味", "清理河道并查清污水的来源", "河道治理工程何时完工"),
    problem(Anywhere, "扬尘", "运渣车扬尘严重", "运渣车不盖篷布，一路撒漏，家家窗台上都是一层灰", "要求车辆密闭运输，增加洒水次数", "扬尘超标怎样举报"),
    problem(Village, "养殖场", "养殖场气味扰民", "养殖场离住户太近，粪水直接流进水沟，气味难闻", "督促养殖场建设粪污处理设施或者搬迁", "养殖场与住户的距离有什么规定"),
    problem(Estate, "污水", "污水管道外溢", "污水管道堵塞外溢，院子里脏水横流，孩子没法下楼玩", "疏通污水管道，并更换老化的管段", "污水管网改造由谁出资"),
    problem(Village, "秸秆", "秸秆焚烧烟雾大", "收获后有人在地里焚烧秸秆，烟雾呛人，公路上都看不清", "组织秸秆回收，给农户算清补贴账", "秸秆回收的补贴怎样领取"),
];

#[rustfmt::skip] // One problem a line.
const SECURITY: [Problem; 7] = [
    problem(Anywhere, "低保", "低保申请久未答复", "家中老人常年卧病，没有劳动力，申请低保三个月还没有答复", "入户核查，符合条件的及时纳入低保", "低保的收入标准是多少"),
    problem(Anywhere, "养老金", "养老金认证不方便", "高龄老人不会用手机，每年养老金认证都要儿女请假回来办", "安排工作人员上门为老人办理认证", "养老金认证能不能在村里办理"),
    problem(Anywhere, "医保", "医保报销手续繁琐", "在外地住院以后医保报销要跑好几趟，每次要的材料都不一样", "把异地就医报销的材料一次告知清楚", "异地就医怎样备案"),
    problem(Village, "日间照料", "留守老人缺少照料", "年轻人外出打工，留守老人吃饭看病没人照应", "建设日间照料中心和老年食堂", "老年食堂的补贴怎样申请"),
    problem(Anywhere, "残疾人补贴", "残疾人补贴发放慢", "残疾人补贴已经两个月没有到账，家里买药都靠借钱", "查明原因并按时发放残疾人补贴", "残疾人补贴每月几号到账"),
    problem(Anywhere, "欠薪", "工地拖欠工资", "在工地干了四个月，工资只给了一半，工头一直推脱", "由劳动监察部门出面，帮助务工人员讨回工资", "拖欠工资应当到哪里投诉"),
    problem(Anywhere, "就业", "中年人就业困难", "企业招工都要三十五岁以下，四十多岁的人在家门口很难找到活干", "多开设公益岗位，组织免费技能培训", "就业培训在哪里报名"),
];

#[rustfmt::skip] // One problem a line.
const COMMUNITY: [Problem; 7] = [
    problem(Estate, "充电桩", "电动车没有充电桩", "没有集中的充电桩，住户从楼上拉线给电动车充电，很容易起火", "建设带雨棚的充电桩，方便电动车充电", "充电桩由谁来建设"),
    problem(Estate, "健身器材", "健身器材损坏", "健身器材锈断了好几处，孩子玩耍时划伤过手", "更换健身器材并明确维护单位", "健身器材损坏找谁维修"),
    problem(Estate, "监控", "楼道监控不全", "楼道监控大多是坏的，上个月丢了两辆电动车也查不出来", "补装监控，加强夜间巡逻", "监控覆盖工程什么时候实施"),
    problem(Estate, "快递柜", "快递堆放门口", "快递都堆在大门口，刮风下雨没有人管，常有人拿错", "设置快递柜或者代收点", "快递柜收费有没有标准"),
    problem(Estate, "楼道杂物", "楼道堆放杂物", "楼道里堆满纸箱和旧家具，消防通道被堵，住户很担心", "集中清理楼道杂物，定期检查消防通道", "楼道杂物清理由谁负责"),
    problem(Estate, "活动室", "缺少居民活动室", "退休老人没有去处，下棋打牌只能坐在马路边", "利用闲置房屋开设居民活动室", "活动室开放时间能否延长"),
    problem(Estate, "便民服务", "办事要跑好几处", "开一张证明要跑社区、街道和大厅，来回要半天", "把常办的事项下放到社区，实行一窗受理", "哪些便民服务可以在社区办理"),
];

#[rustfmt::skip] // One problem a line.
const HEALTH: [Problem; 6] = [
    problem(Village, "卫生室", "村卫生室缺医生", "村卫生室只有一名医生，遇到外出就关门，常用药也不全", "为村卫生室配备医生，补足常用药", "村卫生室什么时候能刷医保卡"),
    problem(Anywhere, "挂号", "医院挂号排队久", "到医院看病挂号要排一个多小时，老人不会用手机预约", "保留人工窗口，为老年人开设绿色通道", "专家号怎样预约"),
    problem(Anywhere, "救护车", "救护车到达慢", "夜里老人发病，等了四十多分钟救护车才到", "在乡镇增设急救站点", "急救站点的布局规划能否公布"),
    problem(Anywhere, "疫苗", "接种疫苗不方便", "接种点每周只开半天，上班的家长带孩子打疫苗很不方便", "周末开放疫苗接种门诊", "流感疫苗什么时候可以接种"),
    problem(Village, "体检", "老人体检走形式", "一年一次的老人体检项目很少，结果也没有人讲解", "增加体检项目，由医生上门讲解结果", "老人免费体检包括哪些项目"),
    problem(Anywhere, "药价", "常用药价格高", "治高血压的常用药在药店比医院贵，医院又时常缺货", "保证慢性病常用药的供应，统一价格", "慢性病用药可以一次开多长时间"),
];

#[rustfmt::skip] // One problem a line.
const RURAL: [Problem; 8] = [
    problem(Village, "自来水", "自来水时断时续", "自来水时有时无，水里还有泥沙，做饭只好到邻村挑水", "更换老旧水管，保证每天按时供水", "自来水改造工程何时完成"),
    problem(Village, "排水", "村内排水不畅", "排水沟被泥土堵死，下雨后院里进水，土墙都泡软了", "疏通排水沟，修建排水暗管", "排水工程有没有列入今年的计划"),
    problem(Village, "厕所改造", "厕所改造后不能用", "厕所改造以后冬天上冻不能用，化粪池也没有人抽", "对改过的厕所逐户检查，建立抽粪队伍", "厕所改造的后续管护由谁负责"),
    problem(Village, "水渠", "灌溉水渠年久失修", "灌溉水渠多处塌陷，春天浇地时水到不了地头", "修复水渠，更换抽水设备", "水渠维修可以申请什么项目"),
    problem(Village, "电压", "用电电压不稳", "一到夏天电压就低，空调启动不了，灌溉的水泵也烧坏过", "增加变压器，改造老旧线路", "农网改造什么时候轮到我们村"),
    problem(Village, "土地流转", "土地流转款拖欠", "把地流转给公司两年，租金只付了一年，想把地要回来也没有说法", "督促公司按合同支付租金，规范土地流转", "土地流转合同在哪里备案"),
    problem(Village, "农产品销路", "农产品销路不好", "今年苹果丰收，收购价却很低，好多果子烂在地里", "组织电商培训，联系收购企业", "农产品销路有什么扶持政策"),
    problem(Village, "宅基地", "宅基地审批慢", "儿子成家多年没有房子，宅基地申请递上去一年没有回音", "公开宅基地审批的进度和条件", "宅基地申请需要哪些材料"),
];

#[rustfmt::skip] // One problem a line.
const CULTURE: [Problem; 6] = [
    problem(Village, "文化广场", "没有文化广场", "村里没有文化广场，想跳舞唱戏只能在公路边，来往车辆多很不安全", "利用空闲地修建文化广场", "文化广场什么时候动工"),
    problem(Village, "农家书屋", "农家书屋常年锁门", "农家书屋常年锁着门，里面的书也很旧，孩子假期无书可看", "定期更新书籍，由专人负责开放", "农家书屋的开放时间是怎样规定的"),
    problem(Village, "电影放映", "电影下乡场次少", "电影下乡一年只来一两回，通知得晚，很多老人没看上", "增加放映场次，提前张贴通知", "今年的电影放映安排在哪里看"),
    problem(Anywhere, "图书馆", "图书馆座位不足", "周末图书馆座位不够，学生一早排队也进不去", "延长图书馆开放时间，增设社区分馆", "图书馆分馆建在哪里"),
    problem(Anywhere, "广场舞", "广场舞音量过大", "广场舞音响开到晚上十点，周围住户和学生都休息不好", "规定广场舞的时间和音量", "广场舞音量有没有管理规定"),
    problem(Village, "戏曲", "传统戏曲后继无人", "村里的老戏班只剩几位老人，年轻人没有机会学", "请老艺人进校园，资助传统戏曲排练", "传统戏曲传承有什么资助"),
];

#[rustfmt::skip] // One problem a line.
const EDUCATION: [Problem; 7] = [
    problem(Village, "校车", "校车超员且班次少", "校车只有一辆，孩子们挤着站一路，天不亮就要在路边等", "增加校车，合理安排接送时间", "校车什么时候能增加"),
    problem(Anywhere, "入学", "孩子入学学位紧张", "今年适龄儿童多，附近小学学位紧张，家长很着急", "扩建学校，提前公布划片范围", "外来务工人员子女入学需要什么材料"),
    problem(Anywhere, "食堂", "学校食堂饭菜质量差", "孩子反映食堂饭菜常常是凉的，一周菜样差不多", "请家长参与食堂监督，公开食材来源", "食堂饭菜的标准是多少"),
    problem(Anywhere, "课后服务", "放学太早无人接", "下午四点放学，双职工家庭没有人接孩子", "把课后服务延长到六点，丰富内容", "课后服务怎样收费"),
    problem(Village, "幼儿园", "村里没有幼儿园", "村里没有幼儿园，孩子要坐车到镇上，老人接送很吃力", "利用旧校舍开办公办幼儿园", "公办幼儿园什么时候招生"),
    problem(Anywhere, "操场", "学校操场破旧", "学校操场还是土地面，刮风时满是沙尘，孩子摔倒容易受伤", "铺设塑胶操场，假期向居民开放", "操场改造的资金落实了没有"),
    problem(Anywhere, "培训机构", "培训机构退费难", "培训机构突然关门，交了一年的学费退不回来", "加强对培训机构预收费的监管，帮助家长退费", "培训机构退费由哪个部门受理"),
];

#[rustfmt::skip] // One problem a line.
const CITY: [Problem; 8] = [
    problem(Street, "占道经营", "占道经营影响通行", "早市摊点占道经营，垃圾遍地，救护车都开不进来", "设立固定的便民市场，引导摊贩入市", "便民市场建在哪里"),
    problem(Street, "公厕", "公厕太少不卫生", "整条街只有一座公厕，卫生差还时常锁门", "增建公厕，安排专人保洁", "公厕开放时间由谁规定"),
    problem(Street, "井盖", "井盖缺失有危险", "井盖丢了一个多星期，只插了根树枝，夜里很容易掉下去", "立即补装井盖，全面排查一遍", "井盖丢失应当找哪家单位"),
    problem(Street, "共享单车", "共享单车乱停放", "共享单车横七竖八堵住盲道，刮风时倒成一片", "划定停放区，督促企业及时清理", "共享单车的停放由谁管理"),
    problem(Estate, "违建", "顶楼违建无人拆除", "顶楼住户私自搭建阳光房，压坏防水层，楼下家家漏雨", "依法拆除违建，恢复原状", "违建举报以后多长时间有答复"),
    problem(Street, "绿化", "绿化带枯死缺株", "绿化带里的树枯死了一半，空地上长满杂草堆着垃圾", "补种树木，落实浇水养护的责任", "绿化养护由哪个单位负责"),
    problem(Street, "积水", "下雨积水严重", "一下大雨积水就没过膝盖，车辆熄火，店铺进水", "清淤雨水井，改造排水管网", "积水点的改造方案公布了没有"),
    problem(Estate, "流浪狗", "流浪狗伤人", "流浪狗成群出没，上周追咬了放学的孩子", "组织收容流浪狗，督促养狗人牵绳", "流浪狗收容拨打哪个电话"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_several_problems_of_a_fit_length() {
        for (name, problems) in CATEGORY_NAMES.iter().zip(PROBLEMS) {
            assert!(problems.len() >= 6, "{name}");
            for problem in problems {
                let length = problem.trouble.chars().count();
                assert!((15..=40).contains(&length), "{} {length}", problem.subject);
                assert!(!problem.trouble.ends_with('。') && !problem.question.ends_with('？'));
            }
        }
    }

    #[test]
    fn what_the_examples_search_for_is_there() {
        let all: String =
            PROBLEMS.iter().flat_map(|problems| problems.iter()).map(|problem| problem.trouble).collect();
        for word in ["路灯", "停车", "油烟", "排水", "校车", "低保"] {
            assert!(all.contains(word), "{word}");
        }
    }
}
