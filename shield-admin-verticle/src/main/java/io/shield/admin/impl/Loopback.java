package io.shield.admin.impl;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Tells addresses of this machine from others, without asking a name server. */
final class Loopback {
  private Loopback() {}

  /** Whether a text is an IP address of the loopback interface. */
  static boolean isLoopback(@Nullable String address) {
    if (address == null) {
      return false;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes != null && InetAddress.getByAddress(bytes).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
