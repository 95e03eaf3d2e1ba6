// The leadership's cockpit as a Relay portal writes it: the figures refetch alone when the filter changes.
import { graphql } from 'react-relay';

export const CockpitQuery = graphql`
  query cockpitQuery($campaign: CampaignRef!, $filter: SubmissionFilter) {
    campaign(by: $campaign) {
      id
      name
      streams {
        id
        name
        department {
          id
          name
        }
      }
    }
    ...cockpitFigures @arguments(filter: $filter)
  }
`;

export const Figures = graphql`
  fragment cockpitFigures on Query
  @refetchable(queryName: "cockpitFiguresRefetchQuery")
  @argumentDefinitions(filter: { type: "SubmissionFilter" }) {
    overview(filter: $filter) {
      asOf
      total {
        received
        open
        ended
      }
      byDepartment: rows(by: [DEPARTMENT]) {
        keys {
          label
          value
        }
        figures {
          received
          open
        }
      }
    }
  }
`;
