//! Minsheng (民声): the GraphQL backend of a county's public-suggestion campaign.
//!
//! Rows are reachable only through a [`db::Tx`] that was opened for an [`scope::viewer::Viewer`]; the README maps the rest.

// Query and Mutation are merged of one object for each capability; the future that resolves them nests as deep.
#![recursion_limit = "256"]

/// What each capability offers over GraphQL, one entry each: fields of the two roots, objects with a global id, kinds of
/// export, all by the names under which `<capability>::graphql` shows them; and what it makes people owe, by the name of the
/// source in `<capability>::agenda`. `schema/` makes the schema from this list.
macro_rules! capabilities {
    ($then:ident) => {
        $then! {
            access {
                queries: ViewerQuery, PasswordQuery, AccountQuery, AccountRequestQuery, ClientQuery;
                mutations: SessionMutation, ForgottenMutation, AccountMutation, AccountRequestMutation, ClientMutation;
                nodes: Account, AccountRequest, PortalClient, Post, Viewer;
                exports: ;
                agenda: ;
            }
            audit {
                queries: AuditQuery;
                mutations: ;
                nodes: AuditEntry;
                exports: ;
                agenda: ;
            }
            campaign {
                queries: CampaignQuery;
                mutations: ;
                nodes: Campaign, Category, Channel, Department, IntakeStream, Village;
                exports: ;
                agenda: ;
            }
            coverage {
                queries: CoverageQuery;
                mutations: CoverageMutation, CoverageExportMutation, UnreachedExportMutation, VisitFormMutation;
                nodes: Constituent, Symposium, Visit;
                exports: CoverageWanted, UnreachedWanted, VisitFormWanted;
                agenda: Owing;
            }
            decision {
                queries: DecisionQuery;
                mutations: DecisionMutation;
                nodes: Meeting, Project, SummaryLine;
                exports: ;
                agenda: Owing;
            }
            duty {
                queries: DutyQuery;
                mutations: DutyMutation, AcknowledgementMutation, RosterExportMutation;
                nodes: Acknowledgement, Roster, Task, UnitPlan;
                exports: RostersWanted;
                agenda: Owing;
            }
            intake {
                queries: IntakeQuery;
                mutations: IntakeMutation;
                nodes: Explanation, ImportBatch, Record, Submission;
                exports: LedgerWanted;
                agenda: Owing;
            }
            publicity {
                queries: PublicityQuery;
                mutations: PublicityMutation, PublicityChangeMutation;
                nodes: Publicity;
                exports: ;
                agenda: ;
            }
            reporting {
                queries: ReportingQuery;
                mutations: ReportingMutation;
                nodes: SummaryTable, WeeklyReport;
                exports: SummaryTableWanted, WeeklyWanted;
                agenda: Owing;
            }
            supervision {
                queries: SupervisionQuery;
                mutations: SupervisionMutation;
                nodes: Circular, Inspection;
                exports: CircularWanted;
                agenda: Owing;
            }
        }
    };
}

// By floors, from the ground up: each uses what stands above it here, and nothing below it or beside it; `tests/floors/`
// holds them to it.
pub mod text;

pub mod audience;
pub mod clock;
pub mod logging;
pub mod refusal;
pub mod sensitive;

pub mod calendar;

pub mod limits;
pub mod plan;
pub mod scope;

pub mod secrets;

pub mod db;
pub mod ids;

pub mod fate;

pub mod error;

pub mod snapshot;

pub mod app;

pub mod agenda;
pub mod graphql;
pub mod rollups;

pub mod shares;

pub mod campaign;

pub mod access;

pub mod audit;
pub mod export;

pub mod intake;

pub mod decision;
pub mod events;
pub mod keys;

pub mod coverage;
pub mod publicity;

pub mod duty;
pub mod reporting;

pub mod supervision;

pub mod conformance;

pub mod schema;

pub mod background;

pub mod http;
pub mod jobs;

pub mod config;
pub mod demo;

pub mod cli;
