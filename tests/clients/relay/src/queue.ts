// The department's workbench as a Relay portal writes it: connections, refetchable fragments, updates by id.
import { graphql } from 'react-relay';

export const QueueQuery = graphql`
  query queueQuery($filter: SubmissionFilter, $count: Int!, $cursor: String) {
    viewer {
      id
      name
      department {
        name
      }
    }
    queueCounts {
      queue
      count
    }
    ...queueList @arguments(filter: $filter, count: $count, cursor: $cursor)
  }
`;

export const QueueList = graphql`
  fragment queueList on Query
  @refetchable(queryName: "queueListPaginationQuery")
  @argumentDefinitions(
    filter: { type: "SubmissionFilter" }
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
  ) {
    submissions(first: $count, after: $cursor, filter: $filter) @connection(key: "queueList_submissions") {
      totalCount
      edges {
        highlights {
          field
          hit
        }
        node {
          id
          ...queueRow
        }
      }
    }
  }
`;

export const QueueRow = graphql`
  fragment queueRow on Submission {
    version
    number
    title
    stage
    receivedAt
    category {
      name
    }
  }
`;

export const SubmissionDetail = graphql`
  fragment queueDetail on Submission @refetchable(queryName: "queueDetailRefetchQuery") {
    ...queueRow
    content
    person {
      name
      phone
    }
    permissions {
      canClassify
      canEdit
      canWithdraw
    }
    records(last: 20) {
      id
      number
      action
      at
    }
  }
`;

export const ClassifyMutation = graphql`
  mutation queueClassifyMutation($input: SubmissionClassifyInput!) {
    submissionClassify(input: $input) {
      submission {
        ...queueDetail
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`;

export const RecordMutation = graphql`
  mutation queueRecordMutation($input: SubmissionRecordInput!, $connections: [ID!]!) {
    submissionRecord(input: $input) {
      submission
        @prependNode(connections: $connections, edgeTypeName: "SubmissionEdge") {
        id
        ...queueRow
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`;
