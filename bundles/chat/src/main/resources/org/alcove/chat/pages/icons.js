// Pictures on buttons: one path each in a box of 24 by 24.
export const ICONS = {
  add: 'M12 5v14M5 12h14',
  menu: 'M4 6h16M4 12h16M4 18h16',
  send: 'M12 19V5M5 12l7-7 7 7',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  again: 'M4 11a8 8 0 0 1 14-4l2 2M20 4v5h-5M20 13a8 8 0 0 1-14 4l-2-2M4 20v-5h5',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  before: 'M15 6l-6 6 6 6',
  after: 'M9 6l6 6-6 6',
  remove: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  attach: 'M8 12l6-6a3 3 0 0 1 5 5l-8 8a5 5 0 0 1-7-7l8-8',
  tune: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  shield: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z',
  export: 'M12 15V4M8 8l4-4 4 4M4 15v5h16v-5',
  place: 'M4 5h16v6H4zM4 13h16v6H4zM7 8h1M7 16h1',
  import: 'M12 4v11M8 11l4 4 4-4M4 15v5h16v-5'
};
