import type { JSX } from 'preact';

/** Each icon as the paths of a 24 × 24 drawing with a stroke. */
const PATHS = {
  online: 'M5 12.5l4.5 4.5L19 7.5',
  offline: 'M6 6l12 12M18 6L6 18',
  unknown: 'M9 9.2a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 2M12 17.6v.1',
  plc: 'M6 4h12v16H6zM9 8h6M9 12h6M9 16h3',
  plcLost: 'M6 4h12v16H6zM4 4l16 16',
  pause: 'M8 5v14M16 5v14',
  resume: 'M7 4.5v15l12-7.5z',
  feed: 'M4 4h16l-5.5 8v4h-5v-4zM10 19v.1M14 20.5v.1M12 22v.1',
  alarm: 'M12 4L2.8 20h18.4zM12 10v4.5M12 17.4v.1',
  critical: 'M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM12 7.5v5.5M12 16.4v.1',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.6v.1',
  pending: 'M12 3a9 9 0 1 0 9 9M12 7v5l3 2',
  hopper: 'M4 4h16v6l-6 6v4h-4v-4l-6-6z',
  temperature: 'M10 4a2 2 0 1 1 4 0v9.5a4 4 0 1 1-4 0zM12 9v8',
  oxygen: 'M8 14a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM17 19a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  settings: 'M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  becomes: 'M4 12h15M13 6l6 6-6 6',
  down: 'M5 9l7 7 7-7',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  fleet: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  rows: 'M4 6h16M4 12h16M4 18h16',
  activity: 'M3 12h4l3-8 4 16 3-8h4',
  admin: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z',
  key: 'M8 15a4 4 0 1 1 3.5-6H21v4h-3v3h-4v-3h-2.5A4 4 0 0 1 8 15zM7.5 11v.1',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  link: 'M3 9c5-5 13-5 18 0M6.5 12.5c3-3 8-3 11 0M10 16c1.2-1.2 2.8-1.2 4 0M12 19.5v.1',
  linkLost: 'M3 9c5-5 13-5 18 0M6.5 12.5c3-3 8-3 11 0M12 19.5v.1M4 4l16 16',
  meal: 'M4 13c3-6 9-7 13-3l4-2.5v9L17 14c-4 4-10 3-13-1zM8.5 11.5v.1',
  add: 'M12 5v14M5 12h14',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  refresh: 'M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4.5V9h4.5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 19.5V15h-4.5',
  show: 'M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  hide: 'M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 4l16 16',
  reload: 'M20 5v5h-5M20 10a8 8 0 1 0 0 5',
  signOut: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
} as const;

export type IconName = keyof typeof PATHS;

/** Icons that point somewhere are mirrored where one reads from the right. */
const POINTING: readonly IconName[] = ['back', 'forward', 'becomes', 'resume', 'signOut', 'meal'];

/** A drawing beside a word; it says nothing to those who listen. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={POINTING.includes(name) ? 'icon icon-pointing' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
