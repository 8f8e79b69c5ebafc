import { fail, ok, warn, type Finding } from '../finding.js';
import type { EslProbe } from './esl-probe.js';
import { elementsNamed, parseSwitchXml } from './switch-xml.js';

/** Contexts of freeswitch-conf/dialplan-outdial.xml, with what is off without them; only agents are needed to dial out. */
const CONTEXTS = [
  { name: 'outdial-phones', loss: 'agents cannot log in', finding: fail },
  { name: 'outdial-trunk', loss: 'nobody who calls back reaches the service', finding: warn },
] as const;

/** Whether calls that come in are handed to the service. */
export async function checkDialplan(esl: EslProbe): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, loss, finding } of CONTEXTS) {
    const context = parseSwitchXml((await esl.ask(`xml_locate dialplan context name ${name}`)) ?? '');
    const handsOver = context !== undefined && elementsNamed(context, 'action').some(({ attributes }) => attributes.get('data')?.startsWith('outdial_request=') === true);
    if (handsOver) continue;
    const what = context === undefined ? `The dialplan has no context ${name}` : `The context ${name} of the dialplan sets no outdial_request`;
    findings.push(finding('dialplan', `${what}: ${loss}.`, 'Include freeswitch-conf/dialplan-outdial.xml in the section "dialplan" and run "reloadxml".'));
  }
  return findings.length > 0 ? findings : [ok('dialplan', 'Calls of phones and of carriers are handed to the service.')];
}
