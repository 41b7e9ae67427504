// Write dates and times in the language of the page.

const language = () => document.documentElement.lang || "en-GB";
const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DAY_AND_CLOCK = { day: "numeric", month: "long", ...CLOCK };

/** Write the day of an ISO date, whatever the time zone of the browser. */
export const formatDay = (iso) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));

export const formatClock = (iso) => new Intl.DateTimeFormat(language(), CLOCK).format(new Date(iso));

/** Write a time, with its day if that is not today. Empty for no time. */
export const formatTime = (iso) => {
  if (!iso) return "";
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language(), isToday ? CLOCK : DAY_AND_CLOCK).format(time);
};
