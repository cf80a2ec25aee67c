import { describe, expect, it } from 'vitest';
import { startAgentOnMap } from './support/whole-system.ts';

const mapText = (wordOrder: 'big' | 'little', addressing: 'zero' | 'one') => {
  const at = (address: number) => address + (addressing === 'one' ? 1 : 0);
  return `
name: ${wordOrder}-${addressing}
addressing: ${addressing}
wordOrder: ${wordOrder}
config:
  intervalSeconds: { table: holding, address: ${at(10)}, type: uint32, min: 60, max: 100000 }
  tideMillimetres: { table: holding, address: ${at(12)}, type: int32, unit: mm }
  phTarget: { table: holding, address: ${at(14)}, type: float32, unit: pH, min: 0, max: 14 }
  temperatureStopCelsius: { table: holding, address: ${at(16)}, type: int16, scale: 0.1, offset: -10, min: -20, max: 40 }
  feedingEnabled: { table: coil, address: ${at(7)}, type: bool }
`;
};

const CHANGES = { intervalSeconds: 86_400, tideMillimetres: -2, phTarget: 7.3, temperatureStopCelsius: 12.5, feedingEnabled: true };
/** Worked out by hand: 86400 = 0x00015180, -2 = 0xfffffffe, 7.3 as float32 = 0x40e9999a, 12.5 = 0.1 × 225 - 10. */
const WORDS = {
  big: [0x0001, 0x5180, 0xffff, 0xfffe, 0x40e9, 0x999a, 225],
  little: [0x5180, 0x0001, 0xfffe, 0xffff, 0x999a, 0x40e9, 225],
};

describe.each([['big', 'zero'], ['little', 'one']] as const)('a PLC with word order %s, addressed from %s', (wordOrder, addressing) => {
  it('is given the right words, and its values come back as they were asked for', async () => {
    const { bridge, plc } = await startAgentOnMap(mapText(wordOrder, addressing));
    expect(await bridge.ask('pond-1', bridge.change(CHANGES))).toMatchObject({ outcome: 'applied', readBack: CHANGES });
    expect(plc.writes.map(({ table, address, values }) => ({ table, address, values }))).toEqual([
      { table: 'holding', address: 10, values: WORDS[wordOrder] },
      { table: 'coil', address: 7, values: [1] },
    ]);
    expect(await bridge.take('config', ({ source }) => source === 'command')).toMatchObject({ values: CHANGES });
    const between = bridge.change({ temperatureStopCelsius: 12.55 }, { version: 2 });
    expect(await bridge.ask('pond-1', between)).toMatchObject({ outcome: 'rejected', reason: { code: 'out-of-range' } });
  });
});
