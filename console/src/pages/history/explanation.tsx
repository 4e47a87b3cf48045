import { Button, CopyButton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { Loaded } from '../../parts/states';

/** The decision for the borrower, in plain words (LGPD, article 20). */
export function Explanation({ auctionKey }: { readonly auctionKey: string }) {
  const query = useQuery({
    queryKey: ['explanation', auctionKey],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/auctions/{issuer_proposal_request_key}/explanation', {
          params: { path: { issuer_proposal_request_key: auctionKey } },
        }),
      ),
  });
  return (
    <Loaded query={query} lines={4}>
      {({ paragraphs }) => (
        <Stack maw={720} gap="sm">
          {paragraphs.map((paragraph, i) => (
            <Text key={i}>{paragraph}</Text>
          ))}
          <CopyButton value={paragraphs.join('\n\n')}>
            {({ copied, copy }) => (
              <Button variant="default" w="fit-content" onClick={copy}>
                {copied ? 'Copiado' : 'Copiar o texto'}
              </Button>
            )}
          </CopyButton>
        </Stack>
      )}
    </Loaded>
  );
}
