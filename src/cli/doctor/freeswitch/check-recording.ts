import { fail, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import { trialRecording } from '../trial-recording.js';
import type { TrialLeg } from './trial-leg.js';

/** 200 ms of a tone; long enough for a file, short enough to wait for. */
const TONE = 'tone_stream://%(200,0,440)';

/** Lets the switch record a leg that hears a tone. */
export async function checkRecording(leg: TrialLeg | undefined, site: FreeswitchSite): Promise<readonly Finding[]> {
  if (leg === undefined) {
    return [warn('recording', 'Whether the service finds what the switch records could not be tried.', 'Mend what keeps the switch from making the leg, and run this again.')];
  }
  return [await trialRecording(site, (fileOnSwitch) => record(leg, fileOnSwitch))];
}

async function record(leg: TrialLeg, file: string): Promise<Finding | undefined> {
  const started = (await leg.ask('uuid_record', `start ${file}`)) ?? 'no answer';
  if (!started.startsWith('+OK')) {
    const cure = 'Let the switch\'s user write in its recordings folder; where the switch names that folder otherwise than this machine, give its name there as switch.recordingsFolderOnSwitch. Its log says more.';
    return fail('recording', `The switch does not record to ${file}: ${started}`, cure);
  }
  await leg.play(TONE);
  await leg.ask('uuid_record', `stop ${file}`);
  return undefined;
}
