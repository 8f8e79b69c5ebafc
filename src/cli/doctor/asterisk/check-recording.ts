import { fail, type Finding } from '../finding.js';
import type { AsteriskSite } from '../site.js';
import { trialRecording } from '../trial-recording.js';
import type { AmiProbe } from './ami-probe.js';
import type { TrialChannel } from './trial-channel.js';

/** Lets the switch record a tone: a missing MixMonitor shows in this too. Nobody is dialled. */
export async function checkRecording(channel: TrialChannel, ami: AmiProbe, site: AsteriskSite): Promise<readonly Finding[]> {
  return [
    await trialRecording(site, async (fileOnSwitch) => {
      const [answer] = await ami.ask({ Action: 'MixMonitor', Channel: channel.name, File: fileOnSwitch });
      if (answer?.['response'] !== 'Success') {
        return fail('recording', `The switch does not record: ${answer?.['message'] ?? 'no reason given'}.`, 'Load app_mixmonitor.so and give the AMI user write=system in manager.conf.');
      }
      await channel.play('tone:dial');
      return undefined;
    }),
  ];
}
