package io.shield.internal.persistent;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of strings in the order in which keys came, changed by an {@link Editor} only. A
 * value is found as in a hash map; a change of one copies two pages. Keys with equal hashes are
 * kept sorted, so that many of them slow nothing down. Thread-safe.
 */
public final class OrderedMap<V> extends AbstractMap<String, V> {
  private static final int MIN_BUCKETS = PagedArray.PAGE;
  private static final OrderedMap<?> EMPTY =
      new OrderedMap<>(
          PagedArray.<Object>empty().edit().resize(MIN_BUCKETS).done(),
          MIN_BUCKETS,
          PagedArray.empty(),
          0,
          0);

  /** By hash: nothing, an entry, or a sorted array of entries. */
  private final PagedArray<Object> buckets;

  private final int bucketCount;

  /** By place; nothing where a key was removed. */
  private final PagedArray<Entry<V>> places;

  private final int end;
  private final int size;
  private final Map<String, V> view = Collections.unmodifiableMap(this);

  private OrderedMap(
      PagedArray<Object> buckets, int bucketCount, PagedArray<Entry<V>> places, int end, int size) {
    this.buckets = buckets;
    this.bucketCount = bucketCount;
    this.places = places;
    this.end = end;
    this.size = size;
  }

  /** A map without entries. */
  @SuppressWarnings("unchecked")
  public static <V> OrderedMap<V> empty() {
    return (OrderedMap<V>) EMPTY;
  }

  /** Begins a changed copy. */
  public Editor<V> edit() {
    return new Editor<>(this);
  }

  /** This map, always the same object, of which every call fails that would change a map. */
  public Map<String, V> view() {
    return view;
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    Entry<V> entry =
        key instanceof String text ? find(buckets.get(bucket(text, bucketCount)), text) : null;
    return entry == null ? null : entry.getValue();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Set<Map.Entry<String, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, V>> iterator() {
        return new InOrder();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private static int bucket(String key, int count) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (count - 1);
  }

  @SuppressWarnings("unchecked")
  private static <V> @Nullable Entry<V> find(@Nullable Object bucket, String key) {
    if (bucket instanceof Entry<?>[] many) {
      int at = search(many, key);
      return at < 0 ? null : (Entry<V>) many[at];
    }
    Entry<V> one = (Entry<V>) bucket;
    return one != null && one.getKey().equals(key) ? one : null;
  }

  /** Answers as {@link java.util.Arrays#binarySearch(Object[], Object)}. */
  private static int search(Entry<?>[] sorted, String key) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = sorted[middle].getKey().compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  /** An entry and its place. */
  private static final class Entry<V> extends AbstractMap.SimpleImmutableEntry<String, V> {
    private static final long serialVersionUID = 1;

    final int place;

    Entry(String key, V value, int place) {
      super(key, value);
      this.place = place;
    }
  }

  private final class InOrder implements Iterator<Map.Entry<String, V>> {
    private int next = from(0);

    private int from(int place) {
      int found = place;
      while (found < end && places.get(found) == null) {
        found++;
      }
      return found;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public Map.Entry<String, V> next() {
      if (next >= end) {
        throw new NoSuchElementException();
      }
      Entry<V> entry = Objects.requireNonNull(places.get(next));
      next = from(next + 1);
      return entry;
    }
  }

  /** A copy of a map that is being changed, until it is done. Not thread-safe. */
  public static final class Editor<V> {
    private PagedArray.Editor<Object> buckets;
    private int bucketCount;
    private PagedArray.Editor<Entry<V>> places;
    private int end;
    private int size;

    private Editor(OrderedMap<V> from) {
      buckets = from.buckets.edit();
      bucketCount = from.bucketCount;
      places = from.places.edit();
      end = from.end;
      size = from.size;
    }

    /** Gives a key a value. A key that is there keeps its place. */
    public void put(String key, V value) {
      int bucket = bucket(key, bucketCount);
      Object content = buckets.get(bucket);
      Entry<V> known = find(content, key);
      if (known == null) {
        size++;
      }
      Entry<V> entry = new Entry<>(key, value, known == null ? end++ : known.place);
      buckets.set(bucket, with(content, entry));
      places.resize(end).set(entry.place, entry);
      if (size > bucketCount) {
        rehash(2 * bucketCount);
      }
    }

    /** Removes a key, if it is there. */
    public void remove(String key) {
      int bucket = bucket(key, bucketCount);
      Object content = buckets.get(bucket);
      Entry<V> known = find(content, key);
      if (known != null) {
        buckets.set(bucket, without(content, key));
        places.set(known.place, null);
        size--;
        if (end > 2 * size + PagedArray.PAGE) {
          closeUp();
        }
      }
    }

    private void rehash(int count) {
      bucketCount = count;
      buckets = PagedArray.<Object>empty().edit().resize(count);
      for (int place = 0; place < end; place++) {
        Entry<V> entry = places.get(place);
        if (entry != null) {
          int bucket = bucket(entry.getKey(), count);
          buckets.set(bucket, with(buckets.get(bucket), entry));
        }
      }
    }

    /** Leaves no place empty. */
    private void closeUp() {
      PagedArray.Editor<Entry<V>> before = places;
      int last = end;
      places = PagedArray.<Entry<V>>empty().edit();
      end = 0;
      for (int place = 0; place < last; place++) {
        Entry<V> entry = before.get(place);
        if (entry != null) {
          places.resize(end + 1).set(end, new Entry<>(entry.getKey(), entry.getValue(), end));
          end++;
        }
      }
      rehash(bucketCount);
    }

    private static Object with(@Nullable Object content, Entry<?> entry) {
      String key = entry.getKey();
      if (content == null) {
        return entry;
      }
      Entry<?>[] many =
          content instanceof Entry<?>[] array ? array : new Entry<?>[] {(Entry<?>) content};
      int at = search(many, key);
      if (at >= 0) {
        if (many.length == 1) {
          return entry;
        }
        Entry<?>[] changed = many.clone();
        changed[at] = entry;
        return changed;
      }
      int before = -1 - at;
      Entry<?>[] more = new Entry<?>[many.length + 1];
      System.arraycopy(many, 0, more, 0, before);
      more[before] = entry;
      System.arraycopy(many, before, more, before + 1, many.length - before);
      return more;
    }

    private static @Nullable Object without(@Nullable Object content, String key) {
      if (!(content instanceof Entry<?>[] many)) {
        return null;
      }
      int at = search(many, key);
      Entry<?>[] fewer = new Entry<?>[many.length - 1];
      System.arraycopy(many, 0, fewer, 0, at);
      System.arraycopy(many, at + 1, fewer, at, fewer.length - at);
      return fewer.length == 1 ? fewer[0] : fewer;
    }

    /** What it was changed to; nothing may be put or removed any more. */
    public OrderedMap<V> done() {
      return new OrderedMap<>(buckets.done(), bucketCount, places.done(), end, size);
    }
  }
}
