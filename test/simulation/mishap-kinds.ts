import { CommandTables } from './command-tables.ts';
import { SimulatedDisk } from './disk.ts';
import type { Life } from './life.ts';
import type { Machine } from './machine.ts';
import { ACK_TIMEOUT_MS, FEEDER_ID } from './settings.ts';
import type { World } from './world.ts';

/** Something that goes wrong, and is put right some time later. */
export type Mishap = { name: string; weight: number; strike: (world: World) => void };

/** Mostly short, sometimes longer than deadlines, seldom longer than leases. */
const whileMs = ({ chance }: World): number =>
  chance.hits(0.75) ? chance.between(20, 3_000) : chance.hits(0.8) ? chance.between(3_000, 15_000) : chance.between(15_000, 40_000);

const later = (world: World, afterMs: number, work: () => void): void => void world.time.after(afterMs, work);

function restartAgent(world: World, afterMs: number): void {
  // Whatever was to start it before does not.
  const dead = { ...world.agent };
  world.agent = dead;
  later(world, afterMs, () => {
    if (world.agent === dead) world.startAgent();
  });
}

function restartBridge(world: World, afterMs: number): void {
  const dead = { ...world.bridge };
  world.bridge = dead;
  later(world, afterMs, () => {
    if (world.bridge === dead) world.startBridge();
  });
}

function suspend(world: World, life: Life, machine: Machine): void {
  const sleepMs = world.chance.hits(0.3) ? world.chance.between(20, 1_500) : whileMs(world);
  // A stopped process, or a machine whose monotonic clock stands still.
  const isMachineAsleep = world.chance.hits(0.7);
  const sinceMs = world.time.nowMs;
  life.suspend(() => {
    if (isMachineAsleep) machine.slept(world.time.nowMs - sinceMs);
  });
  later(world, sleepMs, () => life.resume());
}

/** The agent is started with another disk than before; what it knew is lost to it. */
function withAnotherDisk(world: World, change: () => void, downMs: number): void {
  world.killAgent();
  change();
  world.witness.memoryLost();
  if (world.plc.lastToken === 0) world.witness.guardVoid();
  world.tally.add('disks/lost');
  restartAgent(world, downMs);
}

function withAnotherStore(world: World, tables: CommandTables): void {
  world.killBridge();
  world.replaceStore(tables);
  world.tally.add('stores/lost');
  // Nobody restores a backup within the deadline of a command.
  restartBridge(world, ACK_TIMEOUT_MS + whileMs(world));
}

export const MISHAPS: readonly Mishap[] = [
  {
    name: 'agent killed',
    weight: 20,
    strike: (world) => {
      world.killAgent();
      restartAgent(world, whileMs(world));
    },
  },
  {
    name: 'bridge killed',
    weight: 20,
    strike: (world) => {
      world.killBridge();
      restartBridge(world, whileMs(world));
    },
  },
  {
    name: 'both killed',
    weight: 5,
    strike: (world) => {
      world.killAgent();
      world.killBridge();
      restartAgent(world, whileMs(world));
      restartBridge(world, whileMs(world));
    },
  },
  {
    name: 'agent stopped',
    weight: 4,
    strike: (world) => {
      const { agent } = world;
      const end = (): void => {
        if (agent.life.isOver) return;
        agent.life.end();
        restartAgent(world, 500);
      };
      agent.isStopping = true;
      void agent.run?.stop().then(end);
      later(world, 5_000, end);
    },
  },
  {
    name: 'bridge stopped',
    weight: 4,
    strike: (world) => {
      const { bridge } = world;
      const end = (): void => {
        if (bridge.life.isOver) return;
        bridge.life.end();
        restartBridge(world, 500);
      };
      bridge.isStopping = true;
      void bridge.run?.stop(world.chance.between(0, 3_000)).then(end);
      later(world, 6_000, end);
    },
  },
  { name: 'pc suspended', weight: 8, strike: (world) => suspend(world, world.agent.life, world.machines.agent) },
  { name: 'bridge suspended', weight: 4, strike: (world) => suspend(world, world.bridge.life, world.machines.bridge) },
  {
    name: 'pc clock jumped',
    weight: 8,
    strike: ({ chance, machines }) => machines.agent.jump(chance.hits(0.5) ? chance.between(-2e7, 2e7) : chance.between(-1_500, 1_500)),
  },
  { name: 'link cut', weight: 12, strike: (world) => world.session?.cut() },
  {
    name: 'plc line cut',
    weight: 6,
    strike: (world) => {
      world.lineState.isCut = true;
      later(world, whileMs(world), () => (world.lineState.isCut = false));
    },
  },
  {
    name: 'plc power cut',
    weight: 6,
    strike: (world) => {
      world.plc.powerOff();
      later(world, whileMs(world), () => world.plc.powerOn());
    },
  },
  {
    name: 'plc in stop',
    weight: 5,
    strike: (world) => {
      world.plc.stopScanning();
      later(world, whileMs(world), () => world.plc.startScanning());
    },
  },
  {
    name: 'plc refuses',
    weight: 3,
    strike: (world) => {
      world.plc.exception = { code: 6, meets: world.chance.pick(['write', 'any']) };
      later(world, world.chance.between(50, 3_000), () => (world.plc.exception = undefined));
    },
  },
  {
    name: 'plc lost its memory',
    weight: 0.3,
    strike: (world) => {
      world.plc.loseMemory();
      world.witness.plcMemoryLost();
    },
  },
  {
    name: 'changed by hand',
    weight: 4,
    strike: (world) => {
      const { chance, plc } = world;
      const value = chance.pick([...plc.map.config.keys()]) === 'feedingEnabled' ? chance.hits(0.5) : undefined;
      plc.setByHand(value === undefined ? 'spreaderPercent' : 'feedingEnabled', value ?? chance.below(100));
      if (chance.hits(0.5)) plc.setByHand('mealGrams', chance.below(500));
      world.agent.life.after(chance.between(0, 2_000), () => void world.agent.run?.report('local'));
    },
  },
  { name: 'fed by schedule', weight: 3, strike: ({ chance, plc }) => plc.feedByItself(1 + chance.below(60)) },
  { name: 'motor jammed', weight: 1, strike: ({ plc }) => plc.jamMotor() },
  {
    name: 'disk full',
    weight: 5,
    strike: (world) => {
      const { disk } = world;
      disk.isFull = true;
      later(world, whileMs(world), () => (disk.isFull = false));
    },
  },
  {
    name: 'disk wiped',
    weight: 1,
    strike: (world) => withAnotherDisk(world, () => (world.disk = new SimulatedDisk(world.time, world.chance)), whileMs(world)),
  },
  { name: 'disk torn', weight: 1, strike: (world) => withAnotherDisk(world, () => world.disk.loseTail(), whileMs(world)) },
  {
    name: 'spare computer',
    weight: 0.5,
    strike: (world) => {
      const swap = (): void => {
        [world.disk, world.spareDisk] = [world.spareDisk, world.disk];
      };
      // Nobody carries computers about within the deadline of a command.
      withAnotherDisk(world, swap, ACK_TIMEOUT_MS + whileMs(world));
    },
  },
  {
    name: 'store away',
    weight: 6,
    strike: (world) => {
      world.store.state = world.chance.pick(['refusing', 'frozen']);
      later(world, world.chance.between(20, 6_000), () => (world.store.state = 'there'));
    },
  },
  { name: 'store restored', weight: 0.4, strike: (world) => withAnotherStore(world, world.backup.copy()) },
  { name: 'store wiped', weight: 0.2, strike: (world) => withAnotherStore(world, new CommandTables(FEEDER_ID)) },
  {
    name: 'lease store away',
    weight: 2,
    strike: (world) => {
      world.leases.isAway = true;
      if (world.chance.hits(0.3)) world.leases.flush();
      later(world, world.chance.between(20, 5_000), () => (world.leases.isAway = false));
    },
  },
];
