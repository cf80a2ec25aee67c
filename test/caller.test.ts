import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coversSites, hasRole, ROLES, seesSite, siteList, sitesFrom, type Sites } from '../src/access/caller.ts';
import { sitesAskedBy } from '../src/http/asked-sites.ts';

const anySite = fc.constantFrom('north', 'south', 'east', 'west');
const anyList = fc.option(fc.uniqueArray(anySite, { minLength: 1 }), { nil: null });
const anySites: fc.Arbitrary<Sites> = anyList.map(sitesFrom);

test('a role may do all that the ones before it may, and nothing else', () => {
  const may = ROLES.map((role) => ROLES.filter((needed) => hasRole({ role }, needed)));
  expect(may).toEqual([['viewer'], ['viewer', 'operator'], ['viewer', 'operator', 'admin']]);
});

test('what is handed out for sites lets nobody see more than whoever hands it out', () => {
  fc.assert(
    fc.property(anySites, anyList, anySite, (sites, wanted, site) => {
      const given = { sites: sitesFrom(wanted) };
      if (coversSites({ sites }, wanted) && seesSite(given, site)) expect(seesSite({ sites }, site)).toBe(true);
      // And it covers all of which it sees each.
      if (wanted !== null) expect(coversSites({ sites }, wanted)).toBe(wanted.every((each) => seesSite({ sites }, each)));
      else expect(coversSites({ sites }, null)).toBe(sites === 'all');
    }),
    { numRuns: 2_000 },
  );
});

test('what belongs to no site, or to one nobody knows, is for those of all sites alone', () => {
  fc.assert(
    fc.property(anySites, fc.constantFrom(null, undefined), (sites, site) => {
      expect(seesSite({ sites }, site)).toBe(sites === 'all');
      expect(coversSites({ sites }, [])).toBe(sites === 'all');
    }),
  );
});

test('sites go through the database unchanged', () => {
  fc.assert(
    fc.property(anySites, (sites) => {
      expect(sitesFrom(siteList(sites))).toEqual(sites);
    }),
  );
});

test('what is asked for is for sites of the caller, or refused; where it says nothing, for all of them', () => {
  fc.assert(
    fc.property(anySites, fc.option(anyList, { nil: undefined }), (sites, asked) => {
      const caller = { sites };
      if (asked === undefined) expect(sitesAskedBy(caller, asked)).toEqual(siteList(sites));
      else if (coversSites(caller, asked)) expect(sitesFrom(sitesAskedBy(caller, asked))).toEqual(sitesFrom(asked));
      else expect(() => sitesAskedBy(caller, asked)).toThrow(expect.objectContaining({ code: 'forbidden' }) as Error);
    }),
    { numRuns: 2_000 },
  );
});
