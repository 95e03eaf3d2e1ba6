//! Who asks in the tests: people of both counties in the posts that the plans give, signed in through the API.

use entity::enums::{Position, RightsProfile};
use entity::id::{County, DepartmentId};
use minsheng::access::store::{Moment, NewAccount, NewPassword, NewPost, create_account, department_of_code};
use minsheng::campaign::plans;
use minsheng::plan::Plan;
use minsheng::scope::system;
use minsheng::secrets::entropy;
use minsheng::secrets::password::Secret;
use serde_json::{Value, json};

use super::TestApp;

/// Shuangluan: one month, no handling.
pub(crate) const SHUANGLUAN: &str = "130803";
/// Huoqiu: open-ended, with handling.
pub(crate) const HUOQIU: &str = "341522";

/// The two shipped plans.
pub(crate) const PLANS: [(&str, &str); 2] = [
    (SHUANGLUAN, include_str!("../../api/plans/shuangluan-2020.toml")),
    (HUOQIU, include_str!("../../api/plans/huoqiu-2022.toml")),
];

/// What everybody signs in with.
pub(crate) const PASSWORD: &str = "a long test passphrase";

/// Somebody signed in.
#[derive(Clone, Debug)]
pub(crate) struct Persona {
    /// Code of the county.
    pub(crate) county: &'static str,
    /// Code of the department.
    pub(crate) department: String,
    /// Key of the department.
    pub(crate) department_id: DepartmentId,
    /// Rights.
    pub(crate) profile: RightsProfile,
    /// Name to sign in with.
    pub(crate) login: String,
    /// Access token.
    pub(crate) token: String,
    /// Refresh token of the same session.
    pub(crate) refresh: String,
}

impl TestApp {
    /// Applies a plan as the command line does.
    pub(crate) async fn apply_plan(&self, text: &str) {
        let plan = Plan::parse("plan.toml", text).unwrap();
        plans::apply(&self.app, &plan, text).await.unwrap();
    }

    /// Both counties, with everything that their plans state.
    pub(crate) async fn with_both_counties(self) -> Self {
        for (_, text) in PLANS {
            self.apply_plan(text).await;
        }
        self
    }

    /// Somebody in a department's post; the account is made at first use.
    pub(crate) async fn persona(
        &self,
        county: &'static str,
        department: &str,
        position: Position,
    ) -> Persona {
        let login = format!("{county}-{}-{}", department.to_lowercase(), position.as_str().to_lowercase());
        let operator = system::operator(County::parse(county).unwrap());
        let hash = self.app.hasher.hash(&Secret::new(PASSWORD), entropy::random()).await.unwrap();
        let tx = self.app.db.begin_write(&operator).await.unwrap();
        let row = department_of_code(&tx, department)
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("{county} has no department {department}"));
        let now = self.app.clock.now();
        let new = NewAccount {
            login: login.clone(),
            display_name: "测试账号".to_owned(),
            department: row.id,
            password: NewPassword::own(hash),
            posts: vec![NewPost { department: row.id, position, duty: String::new() }],
        };
        let moment = Moment { app: &self.app, now };
        // A second call finds the login taken, and signs in again.
        match create_account(&tx, new, moment).await {
            Ok(_) => tx.commit().await.unwrap(),
            Err(_) => drop(tx),
        }
        let (token, refresh) = self.signed_in(&login, PASSWORD).await;
        Persona {
            county,
            department: department.to_owned(),
            department_id: row.id,
            profile: row.profile,
            token,
            refresh,
            login,
        }
    }

    /// Signs in through the API.
    pub(crate) async fn login(&self, account: &str, password: &str) -> String {
        self.signed_in(account, password).await.0
    }

    /// The same, with the refresh token.
    async fn signed_in(&self, account: &str, password: &str) -> (String, String) {
        let query = "mutation ($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken refreshToken userErrors { code } } }";
        let variables = json!({ "input": { "account": account, "password": password } });
        let (_, answer) = self.graphql(None, query, variables).await;
        let token = |name: &str| {
            let token = answer["data"]["sessionLogin"][name].as_str();
            token.unwrap_or_else(|| panic!("{account} was not let in: {answer}")).to_owned()
        };
        (token("accessToken"), token("refreshToken"))
    }

    /// Asks as somebody and gives the data; fails on any error.
    pub(crate) async fn data(&self, who: &Persona, query: &str, variables: Value) -> Value {
        let (status, answer) = self.graphql(Some(&who.token), query, variables).await;
        assert!(
            status == 200 && answer.get("errors").is_none(),
            "{} in {}: {answer}",
            who.department,
            who.county
        );
        answer["data"].clone()
    }

    /// The id of a channel by its code, as somebody sees it.
    pub(crate) async fn channel_id(&self, who: &Persona, code: &str) -> Value {
        let query = "{ campaigns { channels { id code } categories { id code } } }";
        let data = self.data(who, query, json!({})).await;
        let channels = data["campaigns"][0]["channels"].as_array().unwrap().clone();
        let channel = channels.iter().find(|channel| channel["code"] == code).unwrap();
        channel["id"].clone()
    }
}
