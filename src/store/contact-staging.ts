import { sql } from 'kysely';
import type { CampaignId, TenantId } from '../units/ids.js';
import type { ContactRow } from './contact-row.js';
import type { CsvRow } from './csv-file.js';
import { prepareQuery, queries } from './query.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Rows of the file being imported: temporary tables, which only this connection sees and no crash leaves behind. */
type StagingTables = {
  staged_rows: { number: string; line: number; name: string; fields_json: string; cells_json: string };
  refused_rows: { line: number; why: string; cells_json: string };
};

const staging = queries.withTables<StagingTables>();

/** What is known of an import before its rows are moved. */
export interface ImportHead {
  readonly tenantId: TenantId;
  readonly campaignId: CampaignId;
  readonly fileName: string;
  readonly atMs: number;
  readonly encoding: string;
  readonly delimiter: string;
  readonly priority: number;
  /** Where refused rows will stand, if there are any. */
  readonly refusedFile: string;
}

/** A row that becomes no contact; its line counts from 1, the header included. */
export interface RefusedRow {
  readonly line: number;
  readonly why: string;
  readonly cells: readonly string[];
}

/** What moving has brought into the store. */
export interface MovedRows {
  readonly importId: number;
  readonly importedCount: number;
  readonly refusedCount: number;
}

/** Collects a file's rows beside the store, then moves the good ones into it at once. */
export interface ContactStaging {
  /** Takes a row: a number that stood on an earlier line is refused. */
  add(row: CsvRow, contact: ContactRow): void;
  /**
   * Refuses numbers that are on the do-not-call list or that the campaign has,
   * and makes contacts of the rest. The caller holds the transaction.
   */
  move(head: ImportHead): MovedRows;
  /** In the file's order. */
  refusedRows(): IterableIterator<RefusedRow>;
}

/** Makes the temporary tables, which go with the connection. */
export function createContactStaging(sqlite: SqliteDatabase): ContactStaging {
  const schema = staging.schema;
  for (const table of [
    schema
      .createTable('staged_rows')
      .temporary()
      .addColumn('number', 'text', (column) => column.primaryKey().notNull())
      .addColumn('line', 'integer')
      .addColumn('name', 'text')
      .addColumn('fields_json', 'text')
      .addColumn('cells_json', 'text'),
    schema
      .createTable('refused_rows')
      .temporary()
      .addColumn('line', 'integer')
      .addColumn('why', 'text')
      .addColumn('cells_json', 'text'),
  ]) {
    sqlite.exec(table.compile().sql);
  }
  const rows = prepareRowStatements(sqlite);
  const moving = prepareMoveStatements(sqlite);
  return {
    add: (row, contact) => {
      const { line } = row;
      const cells = JSON.stringify(row.cells);
      if (contact.kind === 'refused') {
        rows.refuse.run({ line, why: contact.why, cells });
        return;
      }
      const { number, name } = contact;
      if (rows.stage.run({ number, line, name, fields: JSON.stringify(contact.fields), cells }) > 0) return;
      const firstLine = rows.lineOf.get({ number })?.line;
      rows.refuse.run({ line, why: `double: line ${String(firstLine)} has this number`, cells });
    },
    move: (head) => {
      const { tenantId, campaignId, priority } = head;
      moving.refuseListed.run({ tenantId, why: 'on the do-not-call list' });
      moving.refuseKnown.run({ tenantId, campaignId, why: 'double: the campaign has this number already' });
      moving.dropRefused.run({});
      const importedCount = moving.stagedCount.get({})?.count ?? 0;
      const refusedCount = moving.refusedCount.get({})?.count ?? 0;
      const atMs = Math.round(head.atMs);
      const importId = moving.addImport.insert({
        ...{ tenantId, campaignId, atMs, importedCount, refusedCount },
        fileName: head.fileName,
        encoding: head.encoding,
        delimiter: head.delimiter,
        refusedFile: refusedCount > 0 ? head.refusedFile : null,
      });
      moving.addContacts.run({ tenantId, campaignId, importId, atMs, priority });
      return { importId, importedCount, refusedCount };
    },
    refusedRows: function* () {
      for (const { line, why, cells_json } of rows.allRefused.iterate({})) {
        yield { line, why, cells: JSON.parse(cells_json) as string[] };
      }
    },
  };
}

type NoParameters = Readonly<Record<never, never>>;

function prepareRowStatements(sqlite: SqliteDatabase) {
  return {
    stage: prepareQuery<{ number: string; line: number; name: string; fields: string; cells: string }>(sqlite, (p) =>
      staging
        .insertInto('staged_rows')
        .values({ number: p.number, line: p.line, name: p.name, fields_json: p.fields, cells_json: p.cells })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    lineOf: prepareQuery<{ number: string }, { readonly line: number }>(sqlite, (p) =>
      staging.selectFrom('staged_rows').select('line').where('number', '=', p.number),
    ),
    refuse: prepareQuery<{ line: number; why: string; cells: string }>(sqlite, (p) =>
      staging.insertInto('refused_rows').values({ line: p.line, why: p.why, cells_json: p.cells }),
    ),
    allRefused: prepareQuery<NoParameters, StagingTables['refused_rows']>(sqlite, () =>
      staging.selectFrom('refused_rows').selectAll().orderBy('line').orderBy(sql.ref('rowid')),
    ),
  };
}

function prepareMoveStatements(sqlite: SqliteDatabase) {
  return {
    refuseListed: prepareQuery<{ tenantId: string; why: string }>(sqlite, (p) =>
      staging.insertInto('refused_rows').columns(['line', 'why', 'cells_json']).expression(
        staging
          .selectFrom('staged_rows')
          .innerJoin('do_not_call', 'do_not_call.number', 'staged_rows.number')
          .select((e) => ['staged_rows.line', e.val(p.why).as('why'), 'staged_rows.cells_json'])
          .where('do_not_call.tenant_id', '=', p.tenantId),
      ),
    ),
    refuseKnown: prepareQuery<{ tenantId: string; campaignId: string; why: string }>(sqlite, (p) =>
      staging.insertInto('refused_rows').columns(['line', 'why', 'cells_json']).expression(
        staging
          .selectFrom('staged_rows')
          .innerJoin('contacts', 'contacts.number', 'staged_rows.number')
          .select((e) => ['staged_rows.line', e.val(p.why).as('why'), 'staged_rows.cells_json'])
          .where('contacts.tenant_id', '=', p.tenantId)
          .where('contacts.campaign_id', '=', p.campaignId)
          // One reason a row is enough.
          .where('staged_rows.line', 'not in', staging.selectFrom('refused_rows').select('line')),
      ),
    ),
    dropRefused: prepareQuery<NoParameters>(sqlite, () =>
      staging.deleteFrom('staged_rows').where('line', 'in', staging.selectFrom('refused_rows').select('line')),
    ),
    stagedCount: prepareQuery<NoParameters, { readonly count: number }>(sqlite, () =>
      staging.selectFrom('staged_rows').select((e) => e.fn.countAll<number>().as('count')),
    ),
    refusedCount: prepareQuery<NoParameters, { readonly count: number }>(sqlite, () =>
      staging.selectFrom('refused_rows').select((e) => e.fn.countAll<number>().as('count')),
    ),
    addImport: prepareImportInsert(sqlite),
    addContacts: prepareContactInsert(sqlite),
  };
}

interface ImportValues {
  tenantId: string;
  campaignId: string;
  fileName: string;
  atMs: number;
  encoding: string;
  delimiter: string;
  importedCount: number;
  refusedCount: number;
  refusedFile: string | null;
}

const prepareImportInsert = (sqlite: SqliteDatabase) =>
  prepareQuery<ImportValues>(sqlite, (p) =>
    queries.insertInto('imports').values({
      tenant_id: p.tenantId,
      campaign_id: p.campaignId,
      file_name: p.fileName,
      at_ms: p.atMs,
      encoding: p.encoding,
      delimiter: p.delimiter,
      imported_count: p.importedCount,
      refused_count: p.refusedCount,
      refused_file: p.refusedFile,
    }),
  );

interface ContactValues {
  tenantId: string;
  campaignId: string;
  importId: number;
  atMs: number;
  priority: number;
}

const CONTACT_COLUMNS = [
  'tenant_id', 'campaign_id', 'number', 'name', 'fields_json', 'status', 'attempt_count', 'count_by_cause_json',
  'due_at_ms', 'priority', 'import_id', 'source_line',
] as const;

const prepareContactInsert = (sqlite: SqliteDatabase) =>
  prepareQuery<ContactValues>(sqlite, (p) =>
    staging
      .insertInto('contacts')
      .columns([...CONTACT_COLUMNS])
      .expression(
        staging
          .selectFrom('staged_rows')
          .select((e) => [
            e.val(p.tenantId).as('tenant_id'),
            e.val(p.campaignId).as('campaign_id'),
            'number',
            'name',
            'fields_json',
            sql<'open'>`'open'`.as('status'),
            sql<number>`0`.as('attempt_count'),
            sql<string>`'{}'`.as('count_by_cause_json'),
            e.val(p.atMs).as('due_at_ms'),
            e.val(p.priority).as('priority'),
            e.val(p.importId).as('import_id'),
            'line as source_line',
          ])
          // In the file's order: contacts due at one instant are dialled in the order of their ids.
          .orderBy('line'),
      ),
  );
