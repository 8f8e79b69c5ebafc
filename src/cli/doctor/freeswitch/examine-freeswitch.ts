import { warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import { checkAudio } from './check-audio.js';
import { checkCapacity } from './check-capacity.js';
import { checkConference } from './check-conference.js';
import { checkDialplan } from './check-dialplan.js';
import { checkSwitchItself, openEventSocket } from './check-event-socket.js';
import { checkModules } from './check-modules.js';
import { checkPhones } from './check-phones.js';
import { checkRecording } from './check-recording.js';
import { checkSounds } from './check-sounds.js';
import { checkTrunks } from './check-trunks.js';
import type { EslProbe } from './esl-probe.js';
import { TrialLeg } from './trial-leg.js';

/** Looks at a FreeSWITCH, from its door to what a call needs. */
export async function examineFreeswitch(site: FreeswitchSite): Promise<readonly Finding[]> {
  const { finding, esl } = await openEventSocket(site);
  if (esl === undefined) return [finding];
  try {
    return [
      finding,
      ...(await checkSwitchItself(esl)),
      ...(await checkModules(esl)),
      ...(await checkCapacity(esl, site)),
      ...(await checkTrunks(esl, site)),
      ...(await checkPhones(esl, site)),
      ...(await checkConference(esl, site)),
      ...(await checkDialplan(esl)),
      ...(await checkOnLeg(esl, site)),
    ];
  } finally {
    esl.close();
  }
}

/** What needs a leg: playing, recording, call audio. */
async function checkOnLeg(esl: EslProbe, site: FreeswitchSite): Promise<readonly Finding[]> {
  const opened = await TrialLeg.open(esl);
  const leg = typeof opened === 'string' ? undefined : opened;
  const findings = typeof opened === 'string' ? [noLegFinding(opened)] : [];
  try {
    return [...findings, ...(await checkSounds(esl, site, leg)), ...(await checkRecording(leg, site)), ...(await checkAudio(leg, site))];
  } finally {
    await leg?.close();
  }
}

/** @param words the switch's own; CHAN_NOT_IMPLEMENTED is its name for a kind of leg that no module makes. */
function noLegFinding(words: string): Finding {
  const cure = words.includes('CHAN_NOT_IMPLEMENTED')
    ? 'Load mod_loopback (freeswitch-conf/modules-outdial.xml), and run this again; the service itself does not need it.'
    : 'The switch refuses new legs: mend what is said above of pause, rate and sessions, look into its log, and run this again.';
  return warn('trial', `The switch makes no leg to try sounds, recording and audio on: ${words}.`, cure);
}
