// How a portal uses the generated types: nothing runs here, `tsc --strict --noEmit` reads it. A line below
// `@ts-expect-error` must not compile, so types that have become loose fail too.
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
import {
  CockpitDocument, ClassifyDocument, LoginDocument, PortalSubmitDocument, PublicPageDocument, QueueDocument, SubmissionPageDocument,
  type Stage, type SubmissionDetailFragment, type UserErrorFieldsFragment,
} from '../generated/graphql';

type Execute = <Document>(document: Document, variables: VariablesOf<Document>) => Promise<ResultOf<Document>>;

const LABELS: Record<Stage, string> = {
  RECEIVED: '待归类', CLASSIFIED: '已归类', CLAIMED: '办理中', RESPONDED: '待回访', RECHECK: '现场复核', CLOSED: '归档',
  DECLINED: '不予采纳', DEFERRED: '列入计划', INVALID: '不予受理', MERGED: '并入他件', WITHDRAWN: '已撤回',
};

export async function signIn(execute: Execute, account: string, password: string): Promise<string> {
  const { sessionLogin } = await execute(LoginDocument, { input: { account, password } });
  if (!sessionLogin?.accessToken) throw new Error(reasons(sessionLogin?.userErrors));
  return sessionLogin.accessToken;
}

export async function titles(execute: Execute): Promise<string[]> {
  const { submissions, queueCounts } = await execute(QueueDocument, { filter: { queue: 'TO_CLASSIFY' } });
  const counts: number[] = queueCounts?.map(({ count }) => count) ?? [];
  const total: number | undefined = submissions?.totalCount;
  const rows = submissions?.edges.map(({ node }) => `${node.number} ${node.title} ${LABELS[node.stage]}`) ?? [];
  return [`${counts.length} ${total}`, ...rows];
}

export async function detail(execute: Execute, id: string): Promise<SubmissionDetailFragment | undefined> {
  const { node } = await execute(SubmissionPageDocument, { id });
  return node && 'permissions' in node ? node : undefined;
}

export async function classify(execute: Execute, shown: SubmissionDetailFragment, categoryId: string): Promise<string> {
  const { submissionClassify } = await execute(ClassifyDocument, {
    input: { submissionId: shown.id, expectedVersion: shown.version, categoryId },
  });
  // Null in front of a person: nothing is known about one, or the caller may not know.
  const name: string | null | undefined = submissionClassify?.submission?.person?.name;
  return name ?? reasons(submissionClassify?.userErrors);
}

export async function submit(execute: Execute): Promise<string | undefined> {
  const { submissionSubmit } = await execute(PortalSubmitDocument, {
    input: { idempotencyKey: 'portal-0001', title: '路灯', content: '路灯不亮' },
  });
  return submissionSubmit?.receipt?.code;
}

/** What a page without an account must ask for. */
export async function required(execute: Execute, county: string, code: string): Promise<string[]> {
  const { publicCampaign } = await execute(PublicPageDocument, { county, code });
  const asked = publicCampaign?.fields.filter((field) => field.required) ?? [];
  return asked.map(({ label }) => label);
}

export async function departments(execute: Execute): Promise<Map<string, number>> {
  const { overview } = await execute(CockpitDocument, { campaign: 'MSQT-2022' });
  return new Map(overview?.byDepartment?.map(({ keys, figures }) => [keys[0]?.label ?? '', figures.received]));
}

function reasons(errors: readonly UserErrorFieldsFragment[] | undefined): string {
  return errors?.map(({ field, message }) => `${field?.join('.') ?? ''} ${message}`).join('\n') ?? '';
}

export const wrong = (execute: Execute): unknown[] => [
  // @ts-expect-error no such queue
  execute(QueueDocument, { filter: { queue: 'EVERYTHING' } }),
  // @ts-expect-error the password is missing
  execute(LoginDocument, { input: { account: 'a' } }),
  // @ts-expect-error a version is a number
  execute(ClassifyDocument, { input: { submissionId: '1', expectedVersion: '2', categoryId: '3' } }),
  // @ts-expect-error no such stage
  LABELS.GONE,
];
