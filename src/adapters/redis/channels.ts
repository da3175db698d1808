import type { Redis } from 'ioredis';

/** One listener on one channel. `ready` resolves when messages arrive for certain; it rejects when that fails. */
export interface Subscription {
  readonly ready: Promise<void>;
  close(): void;
}

/** All subscriptions of this process over one connection. */
export interface Channels {
  /** Calls `listener` at each message, and after a reconnect (messages may have been lost meanwhile). */
  subscribe(channel: string, listener: () => void): Subscription;
}

interface Channel {
  readonly listeners: Set<() => void>;
  readonly ready: Promise<void>;
}

/** Channels over a connection that is used for nothing else; whoever made the connection closes it. */
export function createChannels(subscriber: Redis): Channels {
  const channels = new Map<string, Channel>();

  subscriber.on('message', (name: string) => {
    for (const listener of channels.get(name)?.listeners ?? []) listener();
  });
  subscriber.on('ready', () => {
    for (const { listeners } of channels.values()) for (const listener of listeners) listener();
  });

  function open(name: string): Channel {
    const known = channels.get(name);
    if (known !== undefined) return known;
    const channel = { listeners: new Set<() => void>(), ready: subscriber.subscribe(name).then(() => {}) };
    channels.set(name, channel);
    // A channel that could not be opened is forgotten, so that the next subscriber tries again.
    channel.ready.catch(() => channels.get(name) === channel && channels.delete(name));
    return channel;
  }

  function leave(name: string, channel: Channel, listener: () => void): void {
    channel.listeners.delete(listener);
    if (channel.listeners.size > 0 || channels.get(name) !== channel) return;
    channels.delete(name);
    // Fails only when the connection goes away, and the subscription with it.
    subscriber.unsubscribe(name).catch(() => {});
  }

  return {
    subscribe(name, listener) {
      // Each subscription has a listener of its own, also when the same function is given twice.
      const own = () => listener();
      const channel = open(name);
      channel.listeners.add(own);
      return { ready: channel.ready, close: () => leave(name, channel, own) };
    },
  };
}
