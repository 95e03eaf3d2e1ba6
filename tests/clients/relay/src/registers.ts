// The other connections: accounts, audit trail, departments, villages; each pages the same way.
import { graphql } from 'react-relay';

export const AccountList = graphql`
  fragment registersAccounts on Query
  @refetchable(queryName: "registersAccountsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    accounts(first: $count, after: $cursor) @connection(key: "registersAccounts_accounts") {
      edges {
        node {
          id
          login
          posts {
            id
            position
          }
        }
      }
    }
  }
`;

export const AuditList = graphql`
  fragment registersAudit on Query
  @refetchable(queryName: "registersAuditPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    auditEntries(first: $count, after: $cursor) @connection(key: "registersAudit_auditEntries") {
      edges {
        node {
          id
          at
          action
        }
      }
    }
  }
`;

export const DepartmentList = graphql`
  fragment registersDepartments on Query
  @refetchable(queryName: "registersDepartmentsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 100 }, cursor: { type: "String" }) {
    departments(first: $count, after: $cursor) @connection(key: "registersDepartments_departments") {
      edges {
        node {
          id
          code
          name
        }
      }
    }
  }
`;

export const VillageList = graphql`
  fragment registersVillages on Campaign
  @refetchable(queryName: "registersVillagesPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
    name
    villages(last: $count, before: $cursor) @connection(key: "registersVillages_villages") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

export const RegistersQuery = graphql`
  query registersQuery($campaign: CampaignRef!) {
    ...registersAccounts
    ...registersAudit
    ...registersDepartments
    campaign(by: $campaign) {
      ...registersVillages
    }
  }
`;
