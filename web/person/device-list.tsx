import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { EndDeviceMutation, type Device } from './documents.ts';
import styles from './person.module.css';

interface DeviceListProps {
  devices: readonly Device[];
  onDone: (announcement: string) => void;
}

/** The laptops and programs somebody let in; each can be ended. */
export function DeviceList({ devices, onDone }: DeviceListProps) {
  const [leaving, setLeaving] = useState<Device | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(EndDeviceMutation);

  async function end(device: Device): Promise<void> {
    if (!(await send({ id: device.id }))) return;
    setLeaving(null);
    onDone(`${device.name} has no access any more.`);
  }

  if (devices.length === 0) {
    return (
      <Notice title="No device is let in">
        <p>
          <code>da auth login</code> on a laptop shows a code; entered on the page <code>/device</code> it lets that
          laptop in.
        </p>
      </Notice>
    );
  }
  return (
    <>
      <ul className={styles.rows} aria-label="Devices">
        {devices.map((device) => (
          <li key={device.id} data-device={device.id}>
            <div className={styles.what}>
              <bdi className={styles.name} title={device.name}>
                {device.name}
              </bdi>
              {device.address && (
                <span className={styles.detail}>
                  from <bdi>{device.address}</bdi>
                </span>
              )}
            </div>
            <div className={styles.ways}>
              let in <RelativeTime moment={device.createdAt} />,{' '}
              {device.lastUsedAt === null ? (
                'never used'
              ) : (
                <>
                  last used <RelativeTime moment={device.lastUsedAt} />
                </>
              )}
            </div>
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`End: ${device.name}`}
              onClick={() => {
                setRefusal(null);
                setLeaving(device);
              }}
            >
              End
            </Button>
          </li>
        ))}
      </ul>
      <Dialog title="End the device" opened={leaving !== null} onClose={() => setLeaving(null)}>
        {leaving && (
          <Confirm
            action="End it"
            sending={sending}
            refusal={refusal?.message}
            onConfirm={() => void end(leaving)}
            onCancel={() => setLeaving(null)}
          >
            <p>
              <bdi>{leaving.name}</bdi> loses its access at once; it can be let in again by a new code.
            </p>
          </Confirm>
        )}
      </Dialog>
    </>
  );
}
