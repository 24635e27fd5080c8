import type { Callable, Table } from './read-tables.ts';

/** docs/data-model.md of these tables and functions. */
export function pageOf(tables: Table[], callables: Callable[]): string {
  return `# The data model

Made from the comments in the database by \`npm run data-model\`; a test holds the two together. All tables are in the schema
\`atlas\`, which the API does not expose, with row level security on and forced. Clients reach the functions at the end.

Whoever changes a conversation, a message or a tombstone takes its seq from the head of the user, which stays locked until
commit. Sync does so by itself; for everyone else guards (triggers) do it, at the SQL prompt too. Messages lie in a partition
for each month of their ids, those older than a year under \`archived_messages\`; \`months\` says which months a user has, so
that a sync locks and plans only what it reads.

\`\`\`mermaid
erDiagram
${picture(tables)}
\`\`\`

${tables.map(section).join('\n')}
## Functions

| function | for | |
| --- | --- | --- |
${callables.map((one) => `| \`${one.signature}\` | ${one.role} | ${cell(one.about)} |`).join('\n')}
`;
}

function picture(tables: Table[]): string {
  const links = tables.flatMap((table) => table.parents.map((parent) => link(parent, table.name)));
  // No foreign keys of their own, so that a partition can be taken off without locking these.
  const implied = [link('heads', 'messages'), link('conversations', 'messages'), link('heads', 'usage_logs')];
  return [...links, ...implied].sort().join('\n');
}

function link(parent: string, child: string): string {
  return `  ${parent.replace('.', '_')} ||--o{ ${child} : ""`;
}

function section(table: Table): string {
  const facts = [
    `Key: ${table.key.map(code).join(', ')}.`,
    ...(table.partitioned === null ? [] : [`Partitioned by ${code(table.partitioned)}.`]),
    ...(table.parents.length === 0 ? [] : [`Goes with ${table.parents.map(code).join(', ')}.`]),
    ...(table.indexes.length === 0 ? [] : [`Indexes: ${table.indexes.map(code).join(', ')}.`]),
  ];
  const rows = table.columns.map(
    (column) =>
      `| ${code(column.name)} | ${column.type}${column.nullable ? ', or null' : ''} | ${cell(column.about)} |`,
  );
  return `## ${table.name}\n\n${table.about}\n\n${facts.join(' ')}\n\n| column | type | |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
