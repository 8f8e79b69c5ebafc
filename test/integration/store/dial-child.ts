/**
 * Dials as fast as it can until it is killed: `<store file>`. Prints the id of
 * every attempt once the store has said `written`, and of every do-not-call
 * request once it has been kept.
 */
import { epochMs } from '../../../src/units/time.js';
import { attemptAt, happened, NOON_MS, openTestStore, SPRING } from './store-harness.js';

const storeFile = process.argv.at(-1);
if (storeFile === undefined) throw new Error('Needs a store file.');
const { store } = await openTestStore(storeFile);
for (let round = 0; ; round += 1) {
  const { contacts } = await store.fetchContacts({ campaignId: SPRING, count: 5, nowMs: NOON_MS });
  if (contacts.length === 0) break;
  const attempts = contacts.map(({ contactId }) => attemptAt(contactId, `call-${contactId}-${String(round)}`));
  const written = await store.writeAttempts(attempts);
  const callIds = attempts.flatMap(({ callId }, index) => (written[index] === 'written' ? [callId] : []));
  process.stdout.write(callIds.map((id) => `attempt ${id}\n`).join(''));
  const [first, ...others] = attempts;
  if (first !== undefined && round % 3 === 0) {
    await store.addDoNotCall({ who: { contactId: first.contactId }, source: 'agent', atMs: NOON_MS });
    process.stdout.write(`barred ${first.contactId}\n`);
  }
  store.apply(
    others.flatMap(({ contactId, callId, campaignId }) => [
      happened(1, { type: 'call-answered', callId }),
      happened(2, {
        type: 'attempt-ended', callId, campaignId, contactId, cause: 'busy', q850: 17, sipCode: 486,
        verdict: undefined, agentId: undefined, talkMs: 0,
      }),
      happened(2, {
        type: 'contact-settled', contactId, campaignId, callId, outcome: 'redial', redialAtMs: epochMs(NOON_MS - 1),
        isCounted: true, why: 'busy',
      }),
    ]),
  );
}
