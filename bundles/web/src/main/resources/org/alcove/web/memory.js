// What a page remembers of its reader: in the browser, or, where that keeps nothing for pages, as long as the page is open.

/** Names and texts; of is asked each time, since even to look at what is blocked throws. */
function memory(of) {
  const here = new Map();
  return {
    get(name) {
      if (here.has(name)) return here.get(name);
      try {
        return of().getItem(name);
      } catch {
        return null;
      }
    },
    put(name, value) {
      try {
        of().setItem(name, value);
        here.delete(name);
      } catch {
        here.set(name, value);
      }
    },
  };
}

/** For all pages of this server, until the reader clears it. */
export const lasting = memory(() => localStorage);

/** For this tab, until it is closed. */
export const passing = memory(() => sessionStorage);
