import type { Device } from '../fixtures/device.ts';

/** The moment all pictures are taken at. */
export const pictureTime = new Date('2026-11-17T09:41:00Z');

/** Page and worker of this device believe that it is the moment of the pictures. */
export async function fixTime(device: Device): Promise<void> {
  await device.page.clock.setFixedTime(pictureTime);
  for (const worker of device.context.serviceWorkers()) {
    await worker.evaluate((ms) => {
      Date.now = () => ms;
    }, pictureTime.getTime());
  }
  await device.page.reload();
  await device.isReady();
}
