// Types for every portal operation. Scalars are strict: one that nobody mapped is an error, not `any`.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: process.env.MINSHENG_SCHEMA ?? '../../schema.graphql',
  documents: 'operations/**/*.graphql',
  generates: {
    'generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
    },
  },
  config: {
    strictScalars: true,
    scalars: { Date: 'string', DateTime: 'string', FilterToken: 'string' },
    enumsAsTypes: true,
    useTypeImports: true,
  },
};

export default config;
