// Every text of the pages in both languages, and the one that is shown now.

const WORDS = {
  title: ['民声', 'Minsheng'],
  subtitle: ['接口试用', 'API explorer'],
  account: ['演示账号', 'Demo account'],
  county: ['县区', 'County'],
  login: ['账号', 'Account'],
  password: ['口令', 'Password'],
  signIn: ['登录', 'Sign in'],
  signOut: ['退出', 'Sign out'],
  guest: ['未登录', 'Not signed in'],
  choose: ['请选择…', 'Choose…'],
  failed: ['登录失败', 'Could not sign in'],
  document: ['查询文档', 'Document'],
  samples: ['示例', 'Samples'],
  variables: ['变量（JSON）', 'Variables (JSON)'],
  run: ['执行', 'Run'],
  result: ['结果', 'Result'],
  schema: ['接口定义 /schema.graphql', 'The schema: /schema.graphql'],
  busy: ['执行中…', 'Running…'],
  unreachable: ['无法连接服务器', 'The server can’t be reached'],
  badVariables: ['变量不是 JSON 对象', 'The variables are no JSON object'],
  empty: ['执行后在此显示结果。', 'Run the document to see its result here.'],
  other: ['English', '中文'],
  ms: ['毫秒', 'ms'],
  HEAD: ['主要负责人', 'Head'],
  DEPUTY: ['分管负责人', 'Deputy'],
  OFFICER: ['经办人', 'Officer'],
  viewer: ['我是谁', 'Who am I'],
  queue: ['征集队列', 'Queue'],
  search: ['检索“路灯”', 'Search for 路灯'],
  overview: ['全县总览', 'Overview'],
  campaigns: ['征集活动与类别', 'Campaigns and classes'],
  receipt: ['进度查询', 'Receipt'],
};

const KEY = 'minsheng-language';
const ENGLISH = 1;
let language = remembered() ?? (navigator.language.startsWith('zh') ? 0 : ENGLISH);
const listeners = [];

/** The text in the language shown now. */
export const word = (name) => WORDS[name]?.[language] ?? name;

/** For `Accept-Language`: the server's own messages follow the page. */
export const languageTag = () => (language === ENGLISH ? 'en' : 'zh-CN');

/** Calls `listener` now and whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

/** Changes to the other language and keeps it. */
export function switchLanguage() {
  language = 1 - language;
  try {
    localStorage.setItem(KEY, String(language));
  } catch {
    // A browser that keeps nothing shows the other language until it is closed.
  }
  listeners.forEach((listener) => listener());
}

/** Fills every element that names its word. */
export function fillWords(root = document) {
  document.documentElement.lang = languageTag();
  for (const element of root.querySelectorAll('[data-word]')) element.textContent = word(element.dataset.word);
}

function remembered() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === '0' || kept === '1' ? Number(kept) : undefined;
  } catch {
    return undefined;
  }
}
