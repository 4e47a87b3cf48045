import { Badge, Group, Paper, Text, Timeline, Title } from '@mantine/core';
import { dateTime } from '../format/format';
import { actorWord, wordOf } from '../words/words';
import { Empty } from './states';

/** Something that happened to a loan or to what becomes one. */
interface TimelineEvent {
  readonly kind: string;
  readonly recorded_at: string;
  readonly actor: string | null;
  readonly from_status: string;
  readonly to_status: string;
}

interface Props<Event> {
  readonly events: readonly Event[];
  /** Of kinds and of statuses. */
  readonly words: readonly [
    kinds: Readonly<Record<string, string>>,
    statuses: Readonly<Record<string, string>>,
  ];
  /** What sets an event apart from the others. */
  readonly markOf: (event: Event) => { readonly word: string; readonly color: 'red' | 'gray' } | undefined;
  /** What it said, as far as it is plain values. */
  readonly factsOf: (event: Event) => readonly string[];
}

/** What happened, in its order. */
export function EventTimeline<Event extends TimelineEvent>({
  events,
  words: [kinds, statuses],
  markOf,
  factsOf,
}: Props<Event>) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Linha do tempo
      </Title>
      {events.length === 0 && <Empty title="Nada registrado">O que acontecer aparece aqui na hora.</Empty>}
      <Timeline active={events.length} bulletSize={14} lineWidth={2} color="gray">
        {events.map((event, i) => {
          const mark = markOf(event);
          const facts = factsOf(event);
          return (
            <Timeline.Item
              key={i}
              color={mark?.color === 'red' ? 'red' : 'blue'}
              title={
                <Group gap="xs">
                  {wordOf(kinds, event.kind)}
                  {mark !== undefined && (
                    <Badge color={mark.color} variant="light" tt="none" size="sm">
                      {mark.word}
                    </Badge>
                  )}
                </Group>
              }
            >
              <Text size="sm" c="dimmed" className="numbers">
                {dateTime(event.recorded_at)}
                {event.actor !== null && ` · ${actorWord(event.actor)}`}
              </Text>
              {event.from_status !== event.to_status && (
                <Text size="sm">
                  {wordOf(statuses, event.from_status)} → {wordOf(statuses, event.to_status)}
                </Text>
              )}
              {facts.length > 0 && (
                <Text size="xs" c="dimmed">
                  {facts.join(' · ')}
                </Text>
              )}
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Paper>
  );
}
