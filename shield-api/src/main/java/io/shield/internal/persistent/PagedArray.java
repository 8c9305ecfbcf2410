package io.shield.internal.persistent;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * An array in pages, changed by an {@link Editor} only. What an editor makes shares the pages in
 * which nothing was set: a change of one element copies one page and the list of pages. An element
 * is found by two loads, without allocation. Thread-safe.
 */
public final class PagedArray<T> {
  private static final int BITS = 8;

  /** Elements of a page: about as many as a large array has pages, since both are copied. */
  static final int PAGE = 1 << BITS;

  private static final @Nullable Object[] BLANK = new Object[PAGE];
  private static final PagedArray<?> EMPTY = new PagedArray<>(new Object[0][]);

  private final @Nullable Object[][] pages;

  private PagedArray(@Nullable Object[][] pages) {
    this.pages = pages;
  }

  /** An array without elements. */
  @SuppressWarnings("unchecked")
  public static <T> PagedArray<T> empty() {
    return (PagedArray<T>) EMPTY;
  }

  /** The element at an index below the length; null if none was set. */
  @SuppressWarnings("unchecked")
  public @Nullable T get(int index) {
    return (T) pages[index >>> BITS][index & (PAGE - 1)];
  }

  /**
   * Sets an element of this array and of all that share its page, for who knows that it means the
   * same to all of them as the one it replaces. A plain write: others see it when they do.
   */
  public void renew(int index, T alike) {
    pages[index >>> BITS][index & (PAGE - 1)] = alike;
  }

  /** Begins a changed copy. */
  public Editor<T> edit() {
    return new Editor<>(pages);
  }

  /** A copy of an array that is being changed, until it is done. Not thread-safe. */
  public static final class Editor<T> {
    private @Nullable Object[][] pages;

    /** The pages that are not shared. */
    private final BitSet own = new BitSet();

    private Editor(@Nullable Object[][] from) {
      pages = from.clone();
    }

    /** Makes room for so many elements at least. */
    public Editor<T> resize(int length) {
      int before = pages.length;
      int wanted = (length + PAGE - 1) >>> BITS;
      if (wanted > before) {
        pages = Arrays.copyOf(pages, wanted);
        Arrays.fill(pages, before, wanted, BLANK);
      }
      return this;
    }

    /** The element at an index below the length; null if none was set. */
    @SuppressWarnings("unchecked")
    public @Nullable T get(int index) {
      return (T) pages[index >>> BITS][index & (PAGE - 1)];
    }

    /** Sets the element at an index below the length. */
    public void set(int index, @Nullable T value) {
      int page = index >>> BITS;
      if (!own.get(page)) {
        pages[page] = pages[page].clone();
        own.set(page);
      }
      pages[page][index & (PAGE - 1)] = value;
    }

    /** What it was changed to; nothing may be set any more. */
    public PagedArray<T> done() {
      return new PagedArray<>(pages);
    }
  }
}
