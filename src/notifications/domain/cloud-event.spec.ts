import { Decimal } from '../../kernel';
import { writeCloudEvent } from './cloud-event';

const event = {
  id: 'a9b1c9c2-7f4d-4c7c-9d38-0f6d4a6c9f10',
  type: 'auction.won',
  subject: '5f1c',
  occurredAt: new Date('2026-08-18T12:00:00.123Z'),
  data: { rank_position: new Decimal(1), credit_operation_key: null, reasons: [] },
};

describe('a CloudEvent', () => {
  it('has every required attribute of CloudEvents 1.0 and our data', () => {
    expect(JSON.parse(writeCloudEvent(event, 'https://arremate.example'))).toEqual({
      specversion: '1.0',
      id: event.id,
      source: 'https://arremate.example',
      type: 'auction.won',
      subject: '5f1c',
      time: '2026-08-18T12:00:00.123Z',
      datacontenttype: 'application/json',
      data: { rank_position: 1, credit_operation_key: null, reasons: [] },
    });
  });

  it('is the same text whatever the order of its data', () => {
    const { rank_position, credit_operation_key, reasons } = event.data;
    const turned = { ...event, data: { reasons, credit_operation_key, rank_position } };
    expect(writeCloudEvent(turned, 'x')).toBe(writeCloudEvent(event, 'x'));
  });
});
