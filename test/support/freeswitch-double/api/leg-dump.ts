import { EVENTS } from '../recorded/event-catalogue.js';
import type { TemplateQuery } from '../recorded/event-template.js';
import { headerText } from '../recorded/switch-event-data.js';
import type { Leg } from '../legs/leg.js';
import { stampEvent } from '../server/event-stamp.js';

const DUMP_HEADERS = {
  'Event-Name': 'CHANNEL_DATA',
  'Event-Calling-File': 'mod_commands.c',
  'Event-Calling-Function': 'uuid_dump_function',
  'Event-Calling-Line-Number': '6468',
};

/** Everything that the switch knows of a leg, as JSON or as header lines: the headers of its last kind of event (flow 16). */
export function dumpLeg(leg: Leg, format: string): string {
  const { core } = leg;
  const query = templateOf(leg);
  const headers = leg.headersOf(query, DUMP_HEADERS);
  stampEvent(headers, core.coreUuid, core.clock.stampUs, 0);
  if (leg.application !== '') {
    headers.set('variable_current_application', leg.application);
    if (leg.applicationData !== '') headers.set('variable_current_application_data', leg.applicationData);
  }
  if (format === 'json') return JSON.stringify(Object.fromEntries(headers));
  return [...headers.keys()].map((name) => `${name}: ${headerText(headers, name)}\n`).join('');
}

/** The recorded event that shows a leg as this one stands. */
function templateOf(leg: Leg): TemplateQuery {
  if (leg.bridgedTo !== undefined) return EVENTS.bridge;
  if (leg.application !== '') return EVENTS.park;
  if (leg.kind === 'inbound') return EVENTS.createdInbound;
  return leg.times.progress > 0 ? EVENTS.progress : EVENTS.created;
}
