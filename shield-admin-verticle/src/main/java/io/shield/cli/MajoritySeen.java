package io.shield.cli;

import com.hazelcast.cluster.Member;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionFunction;
import java.util.Collection;

/**
 * Protects the demo's map: a member that has seen more works only with a majority of them, and one
 * that has always been alone works alone. Public for Hazelcast, which makes it by its name.
 */
public final class MajoritySeen implements SplitBrainProtectionFunction {
  private int most;

  @Override
  public synchronized boolean apply(Collection<Member> members) {
    most = Math.max(most, members.size());
    return 2 * members.size() > most;
  }
}
