import type { OutdialConfig } from '../../config/outdial-config.js';
import { examineAsterisk } from './asterisk/examine-asterisk.js';
import { checkDisks, checkLimits } from './check-machine.js';
import type { Finding } from './finding.js';
import { examineFreeswitch } from './freeswitch/examine-freeswitch.js';

/** Looks at switch and machine; changes nothing and dials nobody. */
export async function examine(config: OutdialConfig): Promise<readonly Finding[]> {
  return [...(await examineSwitch(config)), ...checkLimits(), ...(await checkDisks(config))];
}

function examineSwitch(config: OutdialConfig): Promise<readonly Finding[]> {
  const section = config.switch;
  switch (section.kind) {
    case 'asterisk':
      return examineAsterisk({ ...config, switch: section });
    case 'freeswitch':
      return examineFreeswitch({ ...config, switch: section });
  }
}
