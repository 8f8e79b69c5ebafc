import { sql, type CreateTableBuilder } from 'kysely';
import { queries } from '../query.js';
import type { Migration } from '../migration.js';

const { schema } = queries;

/** Every table belongs to tenants from the start. */
const tenantTable = (name: string): CreateTableBuilder<string, 'tenant_id'> =>
  schema.createTable(name).addColumn('tenant_id', 'text', (column) => column.notNull().references('tenants.tenant_id'));

const tables = [
  schema
    .createTable('tenants')
    .addColumn('tenant_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`),
  tenantTable('campaigns')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('caller_number', 'text', (column) => column.notNull())
    .addColumn('default_country', 'text', (column) => column.notNull())
    .addColumn('config_json', 'text', (column) => column.notNull())
    .addColumn('run_state', 'text', (column) =>
      column.notNull().check(sql`run_state in ('running', 'paused', 'stopped')`),
    )
    .addColumn('hint', 'text', (column) => column.notNull())
    .addColumn('changed_at_ms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('campaigns_key', ['tenant_id', 'campaign_id'])
    .modifyEnd(sql`strict, without rowid`),
  tenantTable('agents')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('phone', 'text', (column) => column.notNull())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('pin_salt', 'blob', (column) => column.notNull())
    .addColumn('pin_hash', 'blob', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_since_ms', 'integer', (column) => column.notNull())
    .addColumn('state_reason', 'text')
    .addColumn('call_id', 'text')
    .addColumn('line_call_id', 'text')
    .addPrimaryKeyConstraint('agents_key', ['tenant_id', 'agent_id'])
    .modifyEnd(sql`strict, without rowid`),
  tenantTable('contacts')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('fields_json', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) =>
      column.notNull().check(sql`status in ('open', 'in-progress', 'closed', 'do-not-call')`),
    )
    .addColumn('status_why', 'text')
    .addColumn('attempt_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('count_by_cause_json', 'text', (column) => column.notNull().defaultTo('{}'))
    .addColumn('due_at_ms', 'integer', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull().check(sql`priority between 0 and 9`))
    .addColumn('open_call_id', 'text')
    .addColumn('import_id', 'integer')
    .addColumn('source_line', 'integer')
    .addForeignKeyConstraint('contacts_campaign', ['tenant_id', 'campaign_id'], 'campaigns', ['tenant_id', 'campaign_id'])
    .modifyEnd(sql`strict`),
  tenantTable('attempts')
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('contact_id', 'integer', (column) => column.notNull().references('contacts.id'))
    .addColumn('trunk', 'text', (column) => column.notNull())
    .addColumn('agent_id', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('written_at_ms', 'integer', (column) => column.notNull())
    .addColumn('originated_at_ms', 'integer')
    .addColumn('ringing_at_ms', 'integer')
    .addColumn('answered_at_ms', 'integer')
    .addColumn('verdict_at_ms', 'integer')
    .addColumn('connected_at_ms', 'integer')
    .addColumn('ended_at_ms', 'integer')
    .addColumn('settled_at_ms', 'integer')
    .addColumn('verdict', 'text')
    .addColumn('verdict_probability_ratio', 'real')
    .addColumn('verdict_reason', 'text')
    .addColumn('decided_after_ms', 'real')
    .addColumn('since_answer_ms', 'real')
    .addColumn('since_verdict_ms', 'real')
    .addColumn('cause', 'text')
    .addColumn('q850', 'integer')
    .addColumn('sip_code', 'integer')
    .addColumn('blame', 'text')
    .addColumn('talk_ms', 'real', (column) => column.notNull().defaultTo(0))
    .addColumn('is_abandoned', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('waited_ms', 'real')
    .addColumn('message', 'text')
    .addColumn('is_message_whole', 'integer')
    .addColumn('is_do_not_call_asked', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('disposition', 'text')
    .addColumn('is_disposed_by_agent', 'integer')
    .addColumn('outcome', 'text')
    .addColumn('recording_path', 'text')
    .addColumn('recording_audio_ms', 'real')
    .addColumn('is_recording_whole', 'integer')
    .addPrimaryKeyConstraint('attempts_key', ['tenant_id', 'call_id'])
    .modifyEnd(sql`strict`),
  tenantTable('agent_states')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('from_state', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('call_id', 'text')
    .modifyEnd(sql`strict`),
  tenantTable('agent_sessions')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('phone', 'text', (column) => column.notNull())
    .addColumn('started_at_ms', 'integer', (column) => column.notNull())
    .addColumn('ended_at_ms', 'integer')
    .addColumn('ended_why', 'text')
    .modifyEnd(sql`strict`),
  tenantTable('do_not_call')
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('campaign_id', 'text')
    .addPrimaryKeyConstraint('do_not_call_key', ['tenant_id', 'number'])
    .modifyEnd(sql`strict, without rowid`),
  tenantTable('imports')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('encoding', 'text', (column) => column.notNull())
    .addColumn('delimiter', 'text', (column) => column.notNull())
    .addColumn('imported_count', 'integer', (column) => column.notNull())
    .addColumn('refused_count', 'integer', (column) => column.notNull())
    .addColumn('refused_file', 'text')
    .modifyEnd(sql`strict`),
  tenantTable('alarms')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('raised_at_ms', 'integer', (column) => column.notNull())
    .addColumn('cleared_at_ms', 'integer')
    .modifyEnd(sql`strict`),
  tenantTable('write_trials')
    .addColumn('filler', 'blob', (column) => column.notNull())
    .modifyEnd(sql`strict`),
];

const indexes = [
  // One number once a campaign; also finds a number's contacts in all campaigns of the tenant.
  schema.createIndex('contacts_by_number').unique().on('contacts').columns(['tenant_id', 'number', 'campaign_id']),
  // The dialling order, holding only who waits: a fetch reads its first entries and no more.
  schema
    .createIndex('contacts_by_turn')
    .on('contacts')
    .columns(['tenant_id', 'campaign_id', 'priority', 'due_at_ms'])
    .where(sql<boolean>`status = 'open'`),
  // Two, each ending in the row's id: the pages of a list, whole and by status.
  schema.createIndex('contacts_by_campaign').on('contacts').columns(['tenant_id', 'campaign_id']),
  schema.createIndex('contacts_by_status').on('contacts').columns(['tenant_id', 'campaign_id', 'status']),
  schema
    .createIndex('attempts_open')
    .on('attempts')
    .columns(['tenant_id'])
    .where(sql<boolean>`settled_at_ms is null`),
  schema.createIndex('attempts_by_time').on('attempts').columns(['tenant_id', 'written_at_ms']),
  schema.createIndex('attempts_by_campaign').on('attempts').columns(['tenant_id', 'campaign_id', 'written_at_ms']),
  schema.createIndex('attempts_by_contact').on('attempts').columns(['tenant_id', 'contact_id']),
  schema.createIndex('agent_states_by_time').on('agent_states').columns(['tenant_id', 'agent_id', 'at_ms']),
  schema
    .createIndex('agent_sessions_open')
    .on('agent_sessions')
    .columns(['tenant_id', 'agent_id'])
    .where(sql<boolean>`ended_at_ms is null`),
  schema.createIndex('do_not_call_by_time').on('do_not_call').columns(['tenant_id', 'at_ms']),
  schema
    .createIndex('alarms_standing')
    .on('alarms')
    .columns(['tenant_id', 'name'])
    .where(sql<boolean>`cleared_at_ms is null`),
];

/** Tenants, campaigns, agents, contacts, attempts and what is told of them. */
export const firstTables: Migration = {
  name: '0001-first-tables',
  statements: [...tables, ...indexes].map((statement) => statement.compile().sql),
};
