import type { Random } from './random.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** From Sunday to Saturday: few people push at weekends. */
const DAYS = [0.08, 1, 1.1, 1.1, 1.05, 0.8, 0.12];

/** From midnight UTC: two office days, one after the other. */
const HOURS = [
  0.03, 0.02, 0.01, 0.01, 0.02, 0.05, 0.2, 0.5, 0.9, 1.1, 1.1, 1, 0.6, 0.9, 1.1, 1.1, 1, 0.8, 0.5,
  0.3, 0.2, 0.15, 0.1, 0.05,
];

/** A stretch of time. */
export interface Period {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Gives `count` moments in the period, in order, with the rhythm of days and weeks at work. */
export function workingMoments(random: Random, period: Period, count: number): readonly Date[] {
  const hours: { readonly startMs: number; readonly until: number }[] = [];
  let total = 0;
  for (let ms = period.startsAt.getTime(); ms < period.endsAt.getTime(); ms += hourMs) {
    const hour = new Date(ms);
    total += (DAYS[hour.getUTCDay()] ?? 0) * (HOURS[hour.getUTCHours()] ?? 0);
    hours.push({ startMs: ms, until: total });
  }
  const latest = period.endsAt.getTime() - 1;
  const moments = Array.from({ length: count }, () => {
    const place = random.next() * total;
    const hour = hours.find(({ until }) => place < until);
    return Math.min((hour?.startMs ?? latest) + Math.floor(random.next() * hourMs), latest);
  });
  return moments.sort((a, b) => a - b).map((ms) => new Date(ms));
}

/** Gives one moment in each night (UTC) of the period, at about half past one. */
export function nightlyMoments(random: Random, period: Period): readonly Date[] {
  const firstNight = Math.ceil(period.startsAt.getTime() / dayMs) * dayMs;
  const nights = Math.ceil((period.endsAt.getTime() - firstNight) / dayMs);
  return Array.from({ length: Math.max(nights, 0) }, (_, night) => {
    const minutes = 90 + random.next() * 8;
    return new Date(firstNight + night * dayMs + Math.floor(minutes * 60_000));
  }).filter((moment) => moment < period.endsAt);
}
