import {
  addMonths,
  businessDaysBetween,
  daysBetween,
  isBusinessDay,
  itemAt,
  nextBusinessDay,
  type CalendarDate,
  type HolidayCalendar,
} from '../../kernel';

export interface DueDate {
  readonly date: CalendarDate;
  /** The date itself, or the next business day. Interest does not run to it: QI computes on the unadjusted date. */
  readonly businessDate: CalendarDate;
  /** Calendar days since the disbursement. */
  readonly days: number;
  /** Calendar days since the previous due date (the first: since the disbursement). */
  readonly gap: number;
  /** Business days since the previous due date. */
  readonly workdays: number;
}

/** The dates of a loan, computed as far as asked for: one object serves every term of a monthly schedule. */
export class DueDates {
  private readonly computed: DueDate[] = [];

  private constructor(
    readonly disbursement: CalendarDate,
    private readonly dateAt: (index: number) => CalendarDate,
    private readonly calendar: HolidayCalendar,
  ) {
    isBusinessDay(disbursement, calendar);
  }

  /** Same day of every month from `first`. @throws DateOutsideCalendarError */
  static monthly(disbursement: CalendarDate, first: CalendarDate, calendar: HolidayCalendar): DueDates {
    return new DueDates(disbursement, (index) => addMonths(first, index), calendar);
  }

  /** The given dates, in order. @throws DateOutsideCalendarError */
  static listed(
    disbursement: CalendarDate,
    dates: readonly CalendarDate[],
    calendar: HolidayCalendar,
  ): DueDates {
    const dateAt = (index: number): CalendarDate => itemAt(dates, index);
    return new DueDates(disbursement, dateAt, calendar);
  }

  /** The first `count` due dates (the array may hold more). @throws DateOutsideCalendarError */
  upTo(count: number): readonly DueDate[] {
    for (let index = this.computed.length; index < count; index += 1) this.computed.push(this.compute(index));
    return this.computed;
  }

  /** @throws DateOutsideCalendarError */
  at(index: number): DueDate {
    return itemAt(this.upTo(index + 1), index);
  }

  private compute(index: number): DueDate {
    const date = this.dateAt(index);
    const previous = this.computed[index - 1];
    const start = previous?.date ?? this.disbursement;
    return {
      date,
      businessDate: nextBusinessDay(date, this.calendar),
      days: daysBetween(this.disbursement, date),
      gap: daysBetween(start, date),
      workdays: businessDaysBetween(start, date, this.calendar),
    };
  }
}
