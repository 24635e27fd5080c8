import { type AttentionItem, readAttention } from '../read/read-attention.ts';
import { useReading } from '../read/use-reading.ts';

/** What waits for a decision of its writer; undefined until it is read. */
export function useAttention(): AttentionItem[] | undefined {
  return useReading('attention', readAttention, () => true);
}
