import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Views of figures that are put side by side, and written into a file again and again. */
export class DashboardsAndSchedules1700000013110 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE saved_view DROP CONSTRAINT saved_view_page_check;
      ALTER TABLE saved_view
        ADD CONSTRAINT saved_view_page CHECK (page IN ('history', 'tasks', 'explore')) NOT VALID;

      CREATE TABLE dashboard (
        id uuid PRIMARY KEY,
        owner text NOT NULL,
        name text NOT NULL,
        is_shared boolean NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (owner, name)
      );
      CREATE INDEX dashboard_shared ON dashboard (name) WHERE is_shared;
      CREATE TABLE dashboard_view (
        dashboard_id uuid NOT NULL REFERENCES dashboard ON DELETE CASCADE,
        place smallint NOT NULL,
        view_id uuid NOT NULL REFERENCES saved_view,
        PRIMARY KEY (dashboard_id, place),
        UNIQUE (view_id, dashboard_id)
      );

      CREATE TABLE export_schedule (
        id uuid PRIMARY KEY,
        owner text NOT NULL,
        view_id uuid NOT NULL REFERENCES saved_view,
        format text NOT NULL CHECK (format IN ('csv', 'xlsx', 'parquet')),
        every text NOT NULL CHECK (every IN ('day', 'week', 'month')),
        -- 1 is Monday. Of a month without such a day, its last.
        weekday smallint CHECK (weekday BETWEEN 1 AND 7),
        month_day smallint CHECK (month_day BETWEEN 1 AND 31),
        -- In São Paulo.
        hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
        next_at timestamptz NOT NULL,
        last_export_id uuid,
        created_at timestamptz NOT NULL,
        CHECK ((weekday IS NOT NULL) = (every = 'week')),
        CHECK ((month_day IS NOT NULL) = (every = 'month'))
      );
      CREATE INDEX export_schedule_next ON export_schedule (next_at);
      CREATE INDEX export_schedule_of ON export_schedule (view_id);

      -- A file of figures: the view as it was asked for stands in filter.
      ALTER TABLE export
        ADD COLUMN content text NOT NULL DEFAULT 'auctions',
        ADD COLUMN title text,
        ADD COLUMN schedule_id uuid;
      ALTER TABLE export ADD CONSTRAINT export_content CHECK (content IN ('auctions', 'figures')) NOT VALID;
    `);
  }
}
