//! Who holds which posts.

use std::collections::HashMap;

use entity::id::{AccountId, County, PostId};
use entity::{account, account_index, department, post};

use crate::db::{Fault, Predicate, Tx};

/// An account with the posts that it holds, in the order in which the first is chosen at sign-in: by department, then
/// by rank.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The account.
    pub account: account::Model,
    /// Its posts, as far as the transaction's viewer sees them.
    pub posts: Vec<Held>,
}

/// A post and the department that it is in.
#[derive(Clone, Debug)]
pub struct Held {
    /// The post.
    pub post: post::Model,
    /// Its department.
    pub department: department::Model,
}

/// Where the account of a login name is; for the doorkeeper, before the county is known.
pub async fn account_of_login(tx: &Tx, login: &str) -> Result<Option<(County, AccountId)>, Fault> {
    let named = Predicate::is(account_index::Column::Login, login);
    let row = tx.from::<account_index::Entity>().filter(named).one().await?;
    Ok(row.map(|row| (row.county, row.account)))
}

/// An account with its posts. Asks the same three questions whether it exists or not: sign-in must not tell by its time.
pub async fn holder(tx: &Tx, account: AccountId) -> Result<Option<Holder>, Fault> {
    let named = Predicate::is(account::Column::Id, account);
    let row = tx.from::<account::Entity>().filter(named).one().await?;
    let posts = posts_of(tx, &[account]).await?;
    Ok(row.map(|account| Holder { account, posts }))
}

/// The department of a code; for the command line.
pub async fn department_of_code(tx: &Tx, code: &str) -> Result<Option<department::Model>, Fault> {
    let named = Predicate::is(department::Column::Code, code);
    tx.from::<department::Entity>().filter(named).one().await
}

/// Who holds a post.
pub async fn holder_of_post(tx: &Tx, post: PostId) -> Result<Option<AccountId>, Fault> {
    let named = Predicate::is(post::Column::Id, post);
    Ok(tx.from::<post::Entity>().filter(named).one().await?.map(|row| row.account))
}

/// Several accounts with their posts, in the order given.
pub async fn holders(tx: &Tx, accounts: Vec<account::Model>) -> Result<Vec<Holder>, Fault> {
    let ids: Vec<AccountId> = accounts.iter().map(|row| row.id).collect();
    let mut posts: HashMap<AccountId, Vec<Held>> = HashMap::new();
    for held in posts_of(tx, &ids).await? {
        posts.entry(held.post.account).or_default().push(held);
    }
    let with_posts =
        |account: account::Model| Holder { posts: posts.remove(&account.id).unwrap_or_default(), account };
    Ok(accounts.into_iter().map(with_posts).collect())
}

/// The posts of accounts, as far as the transaction's viewer sees them, in the order of [`Holder::posts`].
pub async fn posts_of(tx: &Tx, accounts: &[AccountId]) -> Result<Vec<Held>, Fault> {
    let held = Predicate::among(post::Column::Account, accounts.iter().copied());
    let posts = tx.from::<post::Entity>().filter(held).all().await?;
    let wanted = Predicate::among(department::Column::Id, posts.iter().map(|post| post.department));
    let departments = tx.from::<department::Entity>().filter(wanted).all().await?;
    let departments: HashMap<_, _> = departments.into_iter().map(|row| (row.id, row)).collect();
    let with_department = |post: post::Model| {
        let department = departments.get(&post.department)?.clone();
        Some(Held { post, department })
    };
    let mut posts: Vec<Held> = posts.into_iter().filter_map(with_department).collect();
    posts.sort_by(|a, b| place(a).cmp(&place(b)));
    Ok(posts)
}

fn place(held: &Held) -> impl Ord + '_ {
    (&held.department.code, held.post.position, held.post.id)
}
