/*
 * The Lua scripts behind Redis leases; each runs as one step, on the server's clock. What they keep:
 *   feeder:{id}:lease  the lease as JSON, gone by itself at its deadline
 *   leases:deadlines   sorted set of feeders by deadline in milliseconds
 *   leases:held        hash of the leases whose end was not told yet: what to tell when one expires
 *   leases:floors      hash of the lowest epoch that may still hold
 *   leases:expired     stream of the expiries, for every bridge to read
 *   leases:generation  a random word; another one means that the data was lost and begun anew
 */

/** The keys every script is given, in this order. */
export const KEYS = ['leases:deadlines', 'leases:held', 'leases:floors', 'leases:expired', 'leases:generation'] as const;

export const leaseKey = (feederId: string): string => `feeder:${feederId}:lease`;

const PRELUDE = `
local deadlines, held, floors, expired, generation = unpack(KEYS)
local function lease_key(feeder) return 'feeder:' .. feeder .. ':lease' end
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function floor_of(feeder) return tonumber(redis.call('HGET', floors, feeder) or '0') end
local function remove(feeder)
  redis.call('DEL', lease_key(feeder))
  redis.call('ZREM', deadlines, feeder)
  return redis.call('HDEL', held, feeder)
end
`;

/** Arguments: feeder, epoch, lease as JSON, how long in milliseconds. Returns 1 when held, 0 when stale. */
export const HOLD = `${PRELUDE}
local feeder, epoch, lease = ARGV[1], ARGV[2], ARGV[3]
if tonumber(epoch) < floor_of(feeder) then return 0 end
local deadline = string.format('%.0f', now_ms() + tonumber(ARGV[4]))
redis.call('SET', lease_key(feeder), lease, 'PXAT', deadline)
redis.call('ZADD', deadlines, deadline, feeder)
redis.call('HSET', held, feeder, lease)
redis.call('HSET', floors, feeder, epoch)
return 1
`;

/** Arguments: feeder, epoch, the next epoch. Returns how many leases it ended. */
export const END = `${PRELUDE}
local feeder, epoch, following = ARGV[1], ARGV[2], ARGV[3]
if tonumber(epoch) < floor_of(feeder) then return 0 end
redis.call('HSET', floors, feeder, following)
return remove(feeder)
`;

/** Arguments: feeder. */
export const FORGET = `${PRELUDE}
remove(ARGV[1])
return redis.call('HDEL', floors, ARGV[1])
`;

/** Arguments: a generation to begin where there is none. Returns the generation and the last expiry's place. */
export const JOIN = `${PRELUDE}
redis.call('SET', generation, ARGV[1], 'NX')
local last = redis.call('XREVRANGE', expired, '+', '-', 'COUNT', 1)[1]
return { redis.call('GET', generation), last and last[1] or '0-0' }
`;

/**
 * Moves what has expired to the stream, then reads the stream. A reader that never gets the answer asks again from the
 * same place, so nothing is lost or told twice.
 * Arguments: a generation to begin where there is none, the generation known, the place read up to, how many at most,
 * how many the stream keeps. Returns the generation and the entries, as place, feeder, lease one after the other.
 */
export const SWEEP = `${PRELUDE}
redis.call('SET', generation, ARGV[1], 'NX')
local current = redis.call('GET', generation)
local place = current == ARGV[2] and ARGV[3] or '0-0'
local due = redis.call('ZRANGEBYSCORE', deadlines, '-inf', string.format('%.0f', now_ms()), 'LIMIT', 0, ARGV[4])
for _, feeder in ipairs(due) do
  local lease = redis.call('HGET', held, feeder)
  remove(feeder)
  if lease then
    redis.call('XADD', expired, 'MAXLEN', '~', ARGV[5], '*', 'feeder', feeder, 'lease', lease)
  end
end
local told = {}
for _, entry in ipairs(redis.call('XRANGE', expired, '(' .. place, '+', 'COUNT', ARGV[4])) do
  table.insert(told, { entry[1], entry[2][2], entry[2][4] })
end
return { current, told }
`;
