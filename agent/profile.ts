import type { CommandKind } from '../topics/commands.ts';
import type { Profile } from '../topics/payloads.ts';
import { profileParameters, type RegisterMap } from './plc/register-map.ts';

const AGENT_VERSION = '0.1.0';

/** What the agent says that a feeder with this register map is; `sha256` is that of the map's file. */
export const profileOf = (registerMap: RegisterMap, sha256: string): Profile => ({
  agentVersion: AGENT_VERSION,
  registerMap: { name: registerMap.name, sha256 },
  parameters: profileParameters(registerMap),
  kinds: kindsOf(registerMap),
  ...(Object.keys(registerMap.guards).length > 0 && { guards: registerMap.guards }),
});

/** The commands that a PLC with this map can be given. */
const kindsOf = ({ dose, clearAlarms }: RegisterMap): CommandKind[] => [
  'set-config',
  ...(dose ? ['feed-now' as const] : []),
  ...(clearAlarms ? ['clear-alarms' as const] : []),
];
