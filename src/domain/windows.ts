/** Days that figures are of when nobody says how many. */
export const daysUnasked = 30;
/** Days of a window at most. */
export const mostDays = 400;
