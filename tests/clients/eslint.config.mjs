// Lints of schema.graphql: everything in `schema-recommended` and `schema-relay`, less what is argued here and in the
// README, and more descriptions than they ask for.
import graphql from '@graphql-eslint/eslint-plugin';

const { 'flat/schema-recommended': recommended, 'flat/schema-relay': relay } = graphql.configs;
const schema = process.env.MINSHENG_SCHEMA ?? new URL('../../schema.graphql', import.meta.url).pathname;

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    rules: {
      ...recommended.rules,
      ...relay.rules,

      // The file is written by a program: one line is quoted, several are a block. Both parse to the same text.
      '@graphql-eslint/description-style': 'off',

      // Lists that can't pass some fifty members (an account's posts, a campaign's classes, userErrors) are plain
      // lists, and a connection has `nodes` beside `edges`. Whatever can grow is a connection, also of what is no object:
      // the numbers of households not reached, the sources of a line. Of the rule the suffix `Edge` holds.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],

      // An id is promised where `node(id:)` gives the object back. These are no such objects: what wraps others, and
      // values that live and change with the object that they stand in.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          acceptedIdNames: ['id'],
          acceptedIdTypes: ['ID'],
          exceptions: {
            suffixes: ['Connection', 'Edge', 'Payload', 'Permissions'],
            types: [
              'Actor', 'Agenda', 'AgendaItem', 'CalendarYear', 'CampaignClosing', 'CircularLine', 'CircularReceipt', 'ClassCoverage', 'ClauseFigure',
              'ClauseFinding', 'ConstituencyCoverage', 'ConstituencyFigures', 'ConstituencyRow', 'Coverage',
              'CoverageFigures', 'DepartmentRole', 'DispositionCount', 'Evaluation', 'Export', 'ExtraValue', 'Finding', 'FormField',
              'FormerExplanation', 'FormerText', 'FormerValue', 'FormerVersion', 'FoundSubmission', 'Highlight', 'Identity',
              'ImportFailure', 'ImportPreview', 'Invalidation', 'KindLabel',
              'MaskedPerson', 'Milestone', 'Overview',
              'OwedItem', 'PasswordRules', 'OverviewChange', 'OverviewFigures', 'OverviewKey', 'OverviewRow', 'PageInfo', 'Progress',
              'PublicCampaign', 'PublicCategory', 'PublicChannel', 'PublicField', 'PublicNotice', 'PublicTownship',
              'PublicVillage', 'QueueCount',
              'Receipt', 'Rectification', 'ReportPeriod', 'RosterLine', 'RosterStatus', 'SpecialDay', 'StageLabel',
              'StreamConstituencies', 'StreamForm', 'SubmissionRowOutcome', 'SummaryDiff', 'SummaryLineDiff',
              'SummaryObstacle', 'SummaryOutstanding', 'SummaryProject', 'SummaryScan', 'SummarySource', 'SummaryWarning',
              'SummaryTableStanding', 'TownshipCoverage', 'UnreachedHousehold',
              'UserError', 'VillageCoverage', 'VisitRowOutcome', 'Vote', 'WeeklyClassFigure', 'WeeklyCoverageFigure',
              'WeeklyFigures', 'WeeklyReportPreview', 'WeeklyReportStanding', 'WeeklyStageFigure', 'WeeklyWork',
            ],
          },
        },
      ],

      // 100 %, not types and root fields alone.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
    },
  },
];
