import { ENDS, EVENTS, hangupCompleteRefusedWith } from '../recorded/event-catalogue.js';
import type { TemplateQuery } from '../recorded/event-template.js';
import { recordedEvent } from '../recorded/event-template.js';
import { endAvmd } from './avmd-application.js';
import { partFollowers } from './eavesdrop-application.js';
import { q850Of } from './hangup-causes.js';
import type { Leg } from './leg.js';
import { partBridge } from './leg-bridge.js';

/** Who ended a leg: the far end with a BYE or CANCEL, we, our time-out, or a refusal with this SIP code. */
export type Ender = 'far-end' | 'we' | 'time-out' | { readonly sipCode: number };

/** The far end rings. */
export function ringLeg(leg: Leg): void {
  if (leg.hangupCause !== undefined || leg.times.progress > 0) return;
  leg.times.progress = leg.core.clock.stampUs;
  leg.emit(EVENTS.progress);
  leg.enterCallState('RINGING');
}

/** The far end sends audio before it answers. */
export function giveEarlyMedia(leg: Leg): void {
  if (leg.hangupCause !== undefined || leg.hasMedia) return;
  leg.times.progressMedia = leg.core.clock.stampUs;
  leg.emit(EVENTS.progressMedia);
  leg.enterCallState('EARLY');
}

/** The call is answered, by the far end or by us. */
export function answerLeg(leg: Leg): void {
  if (leg.hangupCause !== undefined || leg.isAnswered) return;
  leg.times.answered = leg.core.clock.stampUs;
  leg.emit(EVENTS.answered);
  leg.enterCallState('ACTIVE');
}

/** The end of a leg, with all that follows it; a second one is nothing. */
export function hangUpLeg(leg: Leg, cause: string, by: Ender): void {
  if (leg.hangupCause !== undefined) return;
  const { core } = leg;
  const templates = endTemplates(leg, by);
  leg.hangupCause = cause;
  leg.times.hangup = core.clock.stampUs;
  setVariables(leg, sipVariables(leg, by));
  leg.emit(templates.hangup, isChallenge(by) ? { variable_sip_hangup_disposition: undefined } : {});
  core.farEnds.get(leg.uuid)?.ended(by === 'far-end');
  core.farEnds.delete(leg.uuid);
  // Who hung up is known with the BYE; a CANCEL or BYE of ours is sent at the very end.
  if (by === 'far-end') setVariables(leg, { sip_hangup_disposition: dispositionOf(leg, by) });
  core.shortly(() => {
    partFollowers(leg);
    partBridge(leg);
    leg.runner.stopAll(by === 'far-end' ? 'far-end-hangup' : 'hangup');
    leg.channelState = 'CS_HANGUP';
    endAvmd(leg);
    for (const recorder of [...leg.recorders.values()]) recorder.stop('hangup');
    leg.enterCallState('HANGUP');
    leg.channelState = 'CS_REPORTING';
    setVariables(leg, { ...endDisposition(leg, by), hangup_cause: cause, hangup_cause_q850: String(q850Of(cause)) });
    const isEarlyJob = by === 'time-out';
    if (isEarlyJob) leg.onHungUp?.();
    leg.emit(templates.complete, isChallenge(by) ? { variable_sip_hangup_disposition: undefined } : {});
    if (!isEarlyJob) leg.onHungUp?.();
    core.shortly(() => {
      leg.emit(templates.destroy);
      core.legs.delete(leg.uuid);
      core.leaving.add(leg);
      const { listLagMsMax } = core.settings;
      core.after(core.random.between(0.3 * listLagMsMax, 0.75 * listLagMsMax), () => core.leaving.delete(leg));
    });
  });
}

function setVariables(leg: Leg, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) leg.variables.set(name, value);
}

interface EndTemplates {
  readonly hangup: TemplateQuery;
  readonly complete: TemplateQuery;
  readonly destroy: TemplateQuery;
}

/** The recorded end that is most like this one. */
function endTemplates(leg: Leg, by: Ender): EndTemplates {
  if (typeof by === 'object') {
    const own = hangupCompleteRefusedWith(by.sipCode);
    return isRecorded(own) ? { ...ENDS.refused, complete: own } : ENDS.refused;
  }
  if (by === 'time-out') return ENDS.timedOut;
  if (!leg.isAnswered) return ENDS.cancelled;
  return by === 'far-end' ? ENDS.byFarEnd : ENDS.byUs;
}

function isRecorded(query: TemplateQuery): boolean {
  try {
    recordedEvent(query);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** A demand for a password that cannot be met is no refusal to the switch (flow 20). */
const isChallenge = (by: Ender): boolean => typeof by === 'object' && (by.sipCode === 401 || by.sipCode === 407);

const endDisposition = (leg: Leg, by: Ender): Readonly<Record<string, string>> =>
  isChallenge(by) ? {} : { sip_hangup_disposition: dispositionOf(leg, by) };

/** How the parting went over SIP. */
function dispositionOf(leg: Leg, by: Ender): string {
  if (typeof by === 'object') return 'recv_refuse';
  if (by === 'far-end') return leg.isAnswered || leg.kind !== 'inbound' ? 'recv_bye' : 'recv_cancel';
  if (leg.isAnswered) return 'send_bye';
  return leg.kind === 'inbound' ? 'send_refuse' : 'send_cancel';
}

/** What the far end's message said; nothing where we ended it. */
function sipVariables(leg: Leg, by: Ender): Readonly<Record<string, string>> {
  if (typeof by === 'object') {
    const code = String(by.sipCode);
    return {
      ...endDisposition(leg, by),
      sip_invite_failure_status: code,
      sip_term_status: code,
      proto_specific_hangup_cause: `sip:${code}`,
      sip_term_cause: String(q850Of(leg.hangupCause ?? '')),
    };
  }
  if (by !== 'far-end') return {};
  // A caller that gives up before we answer sends CANCEL (seen on 1.10.12).
  if (leg.kind === 'inbound' && !leg.isAnswered) {
    return { sip_hangup_disposition: 'recv_cancel', sip_term_status: '487', sip_invite_failure_status: '487', proto_specific_hangup_cause: 'sip:487' };
  }
  return { sip_term_status: '200', proto_specific_hangup_cause: 'sip:200', sip_term_cause: '16' };
}
