import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import type { EslProbe } from './esl-probe.js';

/** Whether the phone of every agent is a user of the directory, and registered. */
export async function checkPhones(esl: EslProbe, { agents }: FreeswitchSite): Promise<readonly Finding[]> {
  if (agents.length === 0) return [ok('phone', 'The file declares no agents; phones of others are not checked.')];
  const domain = (await esl.ask('global_getvar domain')) ?? '';
  const registered = registeredUsers((await esl.ask('show registrations as json')) ?? '');
  const findings: Finding[] = [];
  let registeredCount = 0;
  for (const { agentId, phone } of agents) {
    findings.push(...(await contextFindings(esl, phone, domain)));
    // A phone that is registered is known, of whatever domain it is.
    if (registered.has(phone)) registeredCount += 1;
    else if ((await esl.ask(`user_exists id ${phone} ${domain}`)) === 'true') {
      findings.push(warn('phone', `Phone ${phone} of agent ${agentId} is not registered.`, 'Switch it on; compare its user and password with the directory.'));
    } else {
      findings.push(fail('phone', `Phone ${phone} of agent ${agentId}: the switch has no such user in domain ${domain}.`, 'Make it in the directory (freeswitch-conf/site/phones-site.xml.sample), "reloadxml".'));
    }
  }
  return registeredCount === 0 ? findings : [...findings, ok('phone', `${String(registeredCount)} of ${String(agents.length)} phones are registered.`)];
}

/** A user's own context goes before that of the SIP profile. */
async function contextFindings(esl: EslProbe, phone: string, domain: string): Promise<readonly Finding[]> {
  const context = (await esl.ask(`user_data ${phone}@${domain} var user_context`)) ?? '';
  // An empty answer is printed as an error.
  if (context === '' || context.startsWith('-ERR') || context === 'outdial-phones') return [];
  return [fail('phone-context', `Calls of phone ${phone} go to the context ${context} of the dialplan: its agent cannot log in.`, `Set user_context of user ${phone} to outdial-phones in the directory, or leave it out, and "reloadxml".`)];
}

/** Users of `show registrations as json`; an empty list has no rows at all. */
function registeredUsers(words: string): ReadonlySet<string> {
  try {
    const { rows = [] } = JSON.parse(words) as { readonly rows?: readonly { readonly reg_user?: string }[] };
    return new Set(rows.flatMap(({ reg_user: user }) => (user === undefined ? [] : [user])));
  } catch (error) {
    if (error instanceof SyntaxError) return new Set();
    throw error;
  }
}
