import { plural } from '../plural.ts';

const count = plural('he');

/** What happens on the farm, as a list of sentences. Names and amounts come with their direction isolated. */
export const activity = {
  list: 'מה קרה, מהחדש לישן',
  filters: 'מה להציג',
  types: { presence: 'חיבור', command: 'פקודות', config: 'הגדרות', meal: 'ארוחות', alarm: 'התראות' },
  site: 'אתר',
  allSites: 'כל האתרים',
  feeder: 'מאביס',
  feederHint: 'חלק מהשם או מהמזהה',
  hold: 'עצירת הרשימה',
  release: 'המשך',
  newer: (more: number) => count(more, { one: 'חדש אחד', two: 'שניים חדשים', other: '# חדשים' }),
  heardNew: (more: number) => count(more, { one: 'רישום חדש אחד', two: 'שני רישומים חדשים', other: '# רישומים חדשים' }),
  held: 'הרשימה עצורה ואינה זזה. תוצאות הפקודות שבה ממשיכות להתעדכן.',
  empty: 'דבר לא קרה בשעתיים שלפני פתיחת הדף, וגם לא מאז.',
  noneMatch: 'אין אירועים מתאימים.',
  showAll: 'הצגת הכול',
  linkLost: 'הרשימה נעצרת במקום שבו אבד הקשר. מה שיקרה בינתיים יוצג כשהקשר ישוב.',
  /** Of a command that leaves nothing to be held. */
  carriedOut: 'בוצע בבקר',
  changed: { from: 'מ־', to: 'אל' },
  sentences: {
    online: 'התחבר.',
    offline: (why: string) => `התנתק: ${why}.`,
    changes: (who: string) => `התבקש שינוי הגדרות, על ידי ${who}.`,
    pause: (who: string) => `התבקשה השהיית ההאכלה, על ידי ${who}.`,
    resume: (who: string) => `התבקש חידוש ההאכלה, על ידי ${who}.`,
    feedNow: (who: string, grams: string) => `התבקשה האכלה של ${grams} עכשיו, על ידי ${who}.`,
    clearAlarms: (who: string) => `התבקש ניקוי ההתראות, על ידי ${who}.`,
    configLocal: 'ההגדרות שונו בלוח ההפעלה.',
    configStart: 'הסוכן הופעל וקרא את ההגדרות.',
    meal: (grams: string, source: string) => `הואכל ${grams}, ${source}.`,
    mealOf: (grams: string, planned: string, source: string) => `הואכל ${grams} מתוך ${planned} מתוכננים, ${source}.`,
    meals: (meals: number, grams: string) => `${count(meals, { one: 'ארוחה אחת', two: 'שתי ארוחות', other: '# ארוחות' })}, ${grams} בסך הכול.`,
    booked: 'נמצא לפי מוני הבקר.',
    alarmRaised: (alarm: string) => `התראה: ${alarm}.`,
    alarmAcknowledged: (alarm: string, who: string) => `ההתראה נראתה על ידי ${who}: ${alarm}.`,
    alarmOver: (alarm: string) => `ההתראה הסתיימה: ${alarm}.`,
  },
};
