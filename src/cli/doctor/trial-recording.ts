import { existsSync } from 'node:fs';
import { access, chmod, constants, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, ok, type Finding } from './finding.js';
import type { AsteriskSite, FreeswitchSite } from './site.js';

/** Chosen: a file that is shared is seen within a second even over NFS's attribute cache; three leave room. */
const SEEN_WITHIN_MS = 3_000;
const LOOK_INTERVAL_MS = 50;

/**
 * Lets the switch record and looks for the file here: two folders of one name
 * on two machines, a share that is not mounted and missing rights all show in
 * this and in nothing else.
 * @param record has the switch record something to this file, as the switch
 *   names it; gives the finding when it does not.
 */
export async function trialRecording(site: AsteriskSite | FreeswitchSite, record: (fileOnSwitch: string) => Promise<Finding | undefined>): Promise<Finding> {
  const { kind, recordingsFolder, recordingsFolderOnSwitch = recordingsFolder } = site.switch;
  const isUsable = await access(recordingsFolder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isUsable) {
    return fail('recording', `${recordingsFolder} cannot be read and written by this user.`, `Put the user of the service into the group ${kind} and let the group write there.`);
  }
  const place = await mkdtemp(join(recordingsFolder, 'outdial-doctor-'));
  try {
    // Open to the switch, whose user is another one.
    await chmod(place, 0o777);
    const fileOnSwitch = `${recordingsFolderOnSwitch}/${basename(place)}/trial.wav`;
    return (await record(fileOnSwitch)) ?? (await found(join(place, 'trial.wav'), fileOnSwitch));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function found(file: string, fileOnSwitch: string): Promise<Finding> {
  for (const giveUpAtMs = performance.now() + SEEN_WITHIN_MS; performance.now() < giveUpAtMs; await wait(LOOK_INTERVAL_MS)) {
    if (!existsSync(file)) continue;
    const isReadable = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    return isReadable
      ? ok('recording', 'A trial recording of the switch is found by the service.')
      : fail('recording', 'What the switch records may not be read by this user.', 'Put the user of the service into the switch\'s group, and let its files be read by that group (UMask=0007 in the switch\'s systemd unit).');
  }
  return fail(
    'recording',
    `The switch recorded to ${fileOnSwitch}, and nothing came to ${file}.`,
    'Let both name the same folder: share it between the machines, mount it here as switch.recordingsFolder, and give its name on the switch as recordingsFolderOnSwitch; the switch\'s user must be able to write there.',
  );
}
