// Which answers other tabs of this browser write. Nothing is kept of it: a tab that was closed tells no more.
const channel = open();
const others = new Set();
let own = null;

/** The channel between the tabs; null where the browser has none, or denies it together with storage: then each is by itself. */
function open() {
  try {
    return new BroadcastChannel('alcove.answers');
  } catch {
    return null;
  }
}

/** Asks the other tabs what they write; calls back for each answer that one of them names, now or later. */
export function listen(named) {
  if (channel === null) return;
  channel.onmessage = ({data}) => {
    if (data === null) return tell();
    others.add(data);
    named(data);
  };
  channel.postMessage(null);
}

/** Tells the other tabs which answer this one writes; null: none any more. */
export function writes(id) {
  own = id;
  tell();
}

function tell() {
  if (own !== null) channel?.postMessage(own);
}

/** Whether another tab writes this answer, or did since this page was opened: what is known of it here may lack its end. */
export const elsewhere = id => others.has(id);
