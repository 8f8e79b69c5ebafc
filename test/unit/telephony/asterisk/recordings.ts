import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AmiMessage } from '../../../../src/telephony/asterisk/ami-client.js';
import type { AriEvent, Application, Bridge, Channel, Endpoint } from '../../../../src/telephony/asterisk/ari-types.js';
import { AsteriskNaming } from '../../../../src/telephony/asterisk/asterisk-config.js';
import { trunkName } from '../../../../src/units/ids.js';

/**
 * What a real Asterisk 22.10.1 said, recorded flow by flow; numbers are
 * fictitious, the switch's own id is taken out.
 */
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8'));

export const recordedEvents = (name: string): readonly AriEvent[] => read(name) as readonly AriEvent[];

export interface RecordedLists {
  readonly application: Application;
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
  readonly endpoints: readonly Endpoint[];
}

export const recordedLists = (name: 'lists' | 'lists-waiting'): RecordedLists => ({
  bridges: [],
  endpoints: [],
  ...(read(name) as Partial<RecordedLists> & Pick<RecordedLists, 'application' | 'channels'>),
});

export const recordedManagerEvents = (): Readonly<Record<string, AmiMessage>> =>
  read('manager-events') as Readonly<Record<string, AmiMessage>>;

/** Names as on the PBX that was recorded. */
export const NAMING = new AsteriskNaming({
  ari: { url: 'http://127.0.0.1:8088', user: 'outdial', password: 'secret', app: 'outdial' },
  trunks: [{ name: trunkName('carrier'), endpoint: 'trunk', numberForm: 'e164-plus', numberPrefix: '' }],
});
