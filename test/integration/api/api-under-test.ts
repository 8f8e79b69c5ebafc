import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ApiPorts } from '../../../src/api/api-ports.js';
import type { ApiServer } from '../../../src/api/api-server.js';
import { createApi } from '../../../src/api/create-api.js';
import type { LiveStateSeed } from '../../../src/api/known-floor.js';
import { LiveState } from '../../../src/api/live-state.js';
import { storeQueries } from '../../../src/api/store-adapter.js';
import { spooledImporter } from '../../../src/api/spooled-importer.js';
import type { Input } from '../../../src/dialer/input.js';
import { openStore } from '../../../src/store/open-store.js';
import type { Store } from '../../../src/store/store.js';
import { tenantId } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';

/** The API on a real store in a folder of its own; Inputs are collected where the loop would take them. */
export interface ApiUnderTest {
  readonly api: ApiServer;
  readonly store: Store;
  readonly live: LiveState;
  readonly inputs: Input[];
  readonly folder: string;
  close(): Promise<void>;
}

export async function apiUnderTest(
  ports: Partial<ApiPorts> = {},
  seed: Partial<LiveStateSeed> = {},
): Promise<ApiUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'outdial-api-'));
  const clock = ports.clock ?? (() => epochMs(Date.now()));
  const faults: string[] = [];
  const store = await openStore({
    file: join(folder, 'outdial.sqlite'),
    tenantId: tenantId('default'),
    nowEpochMs: clock,
    onFailed: (detail) => faults.push(detail),
    onRecovered: () => undefined,
    onFault: (detail) => faults.push(detail),
  });
  const live = ports.live ?? new LiveState({ timeZone: 'Etc/UTC', campaigns: [], agents: [], trunks: [], openCalls: [], ...seed }, clock());
  const inputs: Input[] = [];
  const api = await createApi({
    store: storeQueries(store, clock),
    submit: (input) => inputs.push(input),
    live,
    importer: spooledImporter({ folder: join(folder, 'uploads'), importContacts: (request) => store.importContacts(request) }),
    clock,
    logger: pino({ level: 'silent' }),
    access: { apiKeys: [], isLoopbackOnly: false },
    trunks: ['carrier'],
    recordingsFolder: folder,
    webFolder: undefined,
    version: '0.0.0-test',
    ...ports,
  });
  return {
    api,
    store,
    live,
    inputs,
    folder,
    close: async () => {
      await api.close();
      await store.close();
      await rm(folder, { recursive: true });
      if (faults.length > 0) throw new Error(`The store complained: ${faults.join(' ')}`);
    },
  };
}
