import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
} from 'kysely';
import type { Schema } from './schema.js';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.js';

/**
 * Builds and type-checks queries; it never runs one. Inside a store thread
 * SQLite is synchronous, so a transaction is a plain function, and a statement
 * compiled once is used for the life of the thread.
 */
export const queries = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Any finished query of the builder. */
export interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/** A statement compiled once, run with named parameters. */
export interface PreparedQuery<Parameters, Row> {
  /** Runs a statement without rows; gives the number of rows changed. */
  run(parameters: Parameters): number;
  /** As `run`, for inserts: the new row's id. */
  insert(parameters: Parameters): number;
  get(parameters: Parameters): Row | undefined;
  all(parameters: Parameters): Row[];
  /** Reads row by row; the connection can do nothing else until it has ended. */
  iterate(parameters: Parameters): IterableIterator<Row>;
}

/** Stands for a value in a query that is compiled before the value is known. */
class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Compiles a query whose values come later.
 * @param build is called once; its argument's fields stand for the values.
 */
export function prepareQuery<Parameters extends Readonly<Record<keyof Parameters, SqliteValue>>, Row = unknown>(
  sqlite: SqliteDatabase,
  build: (parameter: Parameters) => Compilable<Row>,
): PreparedQuery<Parameters, Row> {
  const placeholders = new Proxy<Record<string, Placeholder>>(
    {},
    { get: (_, name) => new Placeholder(String(name)) },
  ) as unknown as Parameters;
  const compiled = build(placeholders).compile();
  const statement = sqlite.prepare(compiled.sql);
  const slots = compiled.parameters as readonly (Placeholder | SqliteValue)[];
  const bind = (parameters: Parameters): SqliteValue[] =>
    slots.map((slot) => (slot instanceof Placeholder ? parameters[slot.name as keyof Parameters] : slot));
  return {
    run: (parameters) => statement.run(...bind(parameters)).changes,
    insert: (parameters) => statement.run(...bind(parameters)).lastInsertRowid,
    get: (parameters) => statement.get(...bind(parameters)) as Row | undefined,
    all: (parameters) => statement.all(...bind(parameters)) as Row[],
    iterate: (parameters) => statement.iterate(...bind(parameters)) as IterableIterator<Row>,
  };
}

/** Runs queries whose shape depends on what was asked for, e.g. optional filters. */
export interface QueryRunner {
  all<Row>(query: Compilable<Row>): Row[];
  get<Row>(query: Compilable<Row>): Row | undefined;
  /** Gives the number of rows changed. */
  run(query: Compilable<unknown>): number;
}

/** Chosen: many more than the shapes that the filters of the API can take. */
const STATEMENT_COUNT_MAX = 200;

/** A runner that keeps the statements it has compiled. */
export function createQueryRunner(sqlite: SqliteDatabase): QueryRunner {
  const statements = new Map<string, SqliteStatement>();
  const statementOf = (sql: string): SqliteStatement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= STATEMENT_COUNT_MAX) statements.clear();
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const valuesOf = (query: CompiledQuery): SqliteValue[] => [...(query.parameters as readonly SqliteValue[])];
  return {
    all: <Row>(query: Compilable<Row>) => {
      const compiled = query.compile();
      return statementOf(compiled.sql).all(...valuesOf(compiled)) as Row[];
    },
    get: <Row>(query: Compilable<Row>) => {
      const compiled = query.compile();
      return statementOf(compiled.sql).get(...valuesOf(compiled)) as Row | undefined;
    },
    run: (query) => {
      const compiled = query.compile();
      return statementOf(compiled.sql).run(...valuesOf(compiled)).changes;
    },
  };
}
