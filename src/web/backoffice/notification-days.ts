// The days of a reminder as its form has them: those before the due day in one field, those after it in another.
import { textOf } from '#web/forms.ts'

/** What is no number comes back as none, for the rules to refuse. */
export function notificationDays(form: FormData): number[] {
  const numbers = (name: string) =>
    textOf(form, name)
      .split(/[\s,;]+/)
      .filter((each) => each !== '')
      .map((each) => (/^\d{1,3}$/.test(each) ? Number(each) : Number.NaN))
  return [...numbers('daysBefore').map((each) => -each), ...numbers('daysAfter')]
}
